import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, usageError } from '../../core/index.ts';
import type { RulesFile } from '../ruleset/index.ts';

/** Reads rules files, and of folders their .yaml and .yml files in the order of their names. Fails with KubedrillError. */
export async function readRulesFiles(paths: readonly string[]): Promise<readonly RulesFile[]> {
  const files: RulesFile[] = [];
  for (const path of paths) {
    try {
      for (const name of await filesOf(path)) files.push({ name, content: await readFile(name, 'utf8') });
    } catch (error) {
      throw usageError({
        what: `cannot read rules from ${path}`,
        why: messageOf(error),
        hint: 'name a rules file or a folder of them',
      });
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
