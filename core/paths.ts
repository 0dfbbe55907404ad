import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where kubedrill keeps things; all below the XDG base directories. */
export interface Paths {
  /** `$XDG_STATE_HOME/kubedrill`: one folder per lab, with its kubeconfig, journal and runs. */
  readonly state: string;
  /** `$XDG_CACHE_HOME/kubedrill`: built tools and images; safe to delete. */
  readonly cache: string;
}

export function pathsFrom(env: Readonly<Record<string, string | undefined>>): Paths {
  const home = env['HOME'] ?? homedir();
  return {
    state: join(env['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), 'kubedrill'),
    cache: join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'kubedrill'),
  };
}

/** The folder of kubedrill's own package.json: content (tasks, rules, recipes) is read from below it. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
