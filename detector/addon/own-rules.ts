import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import type { RulesFile } from '../ruleset/types.ts';

/** The rules that the project ships, in the order in which they are loaded. */
export function ownRules(): readonly RulesFile[] {
  const folder = join(packageRoot(), 'detector', 'rules');
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => ({ name, content: readFileSync(join(folder, name), 'utf8') }));
}
