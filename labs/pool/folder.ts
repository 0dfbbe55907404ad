import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Paths } from '../../core/index.ts';
import { labFolder } from '../names.ts';

/** Names of the pool's clusters, with their number. No lab may be named so. */
const POOLED = /^pool-([1-9]\d*)$/;

export function pooledName(number: number): string {
  return `pool-${String(number)}`;
}

export function isPooledName(name: string): boolean {
  return POOLED.test(name);
}

/**
 * The pool's labs are labs like others, in a state folder of their own: whatever works on a lab works on them with these paths, and nothing that
 * walks the user's labs meets them.
 */
export function poolPaths(paths: Paths): Paths {
  return { ...paths, state: join(paths.state, '.pool') };
}

/**
 * Folder of a cluster of the pool's. It is made before the cluster and goes with it: its machines mount files from it, also once the lab is taken.
 */
export function pooledFolder(paths: Paths, cluster: string): string {
  return labFolder(poolPaths(paths), cluster);
}

/** Names of all clusters that the pool has made and that have not been removed, also of those that are labs by now. */
export async function pooledClusters(paths: Paths): Promise<readonly string[]> {
  const names = await readdir(poolPaths(paths).state).catch(() => [] as readonly string[]);
  const numberOf = (name: string): number => Number(POOLED.exec(name)?.[1]);
  return names.filter(isPooledName).sort((a, b) => numberOf(a) - numberOf(b));
}
