import { join } from 'node:path';
import type { Prompter } from '../../../cli/prompter.ts';
import { cli, nobody } from '../../support/cli.ts';
import { fakeEngine, type FakeEngine } from '../../support/fake-engine.ts';

let engine: FakeEngine;
beforeEach(() => {
  engine = fakeEngine();
});
afterEach(() => engine.stop());

/** Opens the menu for a person who looks at it and leaves; answers what it offered. */
async function offered(): Promise<{ readonly lines: readonly string[]; readonly err: string }> {
  const lines: string[] = [];
  const select = ((_question, choices) => {
    lines.push(...choices.map(({ name }) => name));
    return Promise.resolve(choices.at(-1)?.value);
  }) as Prompter['select'];
  const env = { XDG_STATE_HOME: join(engine.home, 'xdg-state'), XDG_CACHE_HOME: join(engine.home, 'xdg-cache') };
  const { exitCode, err } = await cli(['menu'], { tty: true, prompter: { ...nobody, select }, env });
  expect(exitCode).toBe(0);
  return { lines, err };
}

describe('the menu', () => {
  test('offers to bring a lab up where there is none', async () => {
    expect((await offered()).lines).toEqual(['Bring a lab up', 'Look at this machine', 'Leave']);
  });

  test('says what is wrong with a lab of which only a part is left, and how to go on', async () => {
    engine.plant('networks', { Name: 'kubedrill-lab', Labels: { 'kubedrill.dev/lab': 'lab' } });
    const { lines, err } = await offered();
    expect(lines).toEqual(['Bring the lab up again', 'Take the lab down', 'Leave']);
    expect(err).toContain('the lab "lab" is broken');
  });
});
