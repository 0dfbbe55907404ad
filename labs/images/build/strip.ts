import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what the patterns name below a root file system; `*` stands for any part of one path component. */
export async function strip(root: string, patterns: readonly string[]): Promise<void> {
  for (const pattern of patterns) {
    for (const path of await matches(root, pattern.split('/'))) await rm(path, { recursive: true, force: true });
  }
}

async function matches(folder: string, parts: readonly string[]): Promise<readonly string[]> {
  const [first, ...rest] = parts;
  if (first === undefined) return [folder];
  const paths = first.includes('*')
    ? (await names(folder)).filter((name) => wildcard(first).test(name)).map((name) => join(folder, name))
    : [join(folder, first)].filter((path) => existsSync(path));
  return (await Promise.all(paths.map((path) => matches(path, rest)))).flat();
}

async function names(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`);
}
