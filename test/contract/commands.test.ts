import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../cli/commands/registry.ts';
import { commandReference } from '../../cli/render/reference.ts';
import { packageRoot } from '../../core/index.ts';
import { cli } from '../support/cli.ts';

const names = Object.entries(COMMANDS)
  .filter(([, entry]) => !('hidden' in entry))
  .map(([name]) => name);

test.each(names)('kubedrill %s explains itself', async (name) => {
  const { exitCode, out } = await cli([...name.split(' '), '--help']);
  expect(exitCode).toBe(0);
  expect(out).toContain(`Usage: kubedrill ${name}`);
});

test('docs/commands.md is what `npm run docs` writes', async () => {
  expect(readFileSync(join(packageRoot(), 'docs', 'commands.md'), 'utf8')).toBe(await commandReference());
});
