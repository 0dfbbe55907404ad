import type { Paths } from '../../core/index.ts';
import { fillState, type FillState } from './fill-state.ts';
import { pooled } from './prepared.ts';
import { readSettings } from './settings.ts';

/** The pool as its files show it. */
export interface PoolFacts {
  readonly size: number;
  readonly prepared: number;
  readonly filling: FillState;
}

/** Undefined when there is no pool. */
export async function poolFacts(paths: Paths): Promise<PoolFacts | undefined> {
  const [settings, clusters, filling] = await Promise.all([readSettings(paths), pooled(paths), fillState(paths)]);
  if (settings === undefined) return undefined;
  return { size: settings.size, prepared: clusters.filter(({ kind }) => kind === 'prepared').length, filling };
}
