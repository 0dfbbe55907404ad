import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, usageError } from '../../core/index.ts';
import type { RulesFile } from '../ruleset/index.ts';

/** Reads rules files, and of folders their .yaml and .yml files in the order of their names. Fails with KubedrillError. */
export function readRulesFiles(paths: readonly string[]): Promise<readonly RulesFile[]> {
  return readYamlFiles(paths, { what: 'rules', hint: 'name a rules file or a folder of them' });
}

/** Reads files of rule tests in the same way. Fails with KubedrillError also where there is none. */
export async function readRuleTestFiles(paths: readonly string[]): Promise<readonly RulesFile[]> {
  const hint = 'name a file of rule tests or a folder of them';
  const files = await readYamlFiles(paths, { what: 'rule tests', hint });
  if (files.length > 0) return files;
  throw usageError({ what: `no rule tests in ${paths.join(', ')}`, why: 'there is no .yaml or .yml file', hint });
}

async function readYamlFiles(
  paths: readonly string[],
  { what, hint }: { readonly what: string; readonly hint: string },
): Promise<readonly RulesFile[]> {
  const files: RulesFile[] = [];
  for (const path of paths) {
    try {
      for (const name of await filesOf(path)) files.push({ name, content: await readFile(name, 'utf8') });
    } catch (error) {
      throw usageError({ what: `cannot read ${what} from ${path}`, why: messageOf(error), hint });
    }
  }
  return files;
}

async function filesOf(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}
