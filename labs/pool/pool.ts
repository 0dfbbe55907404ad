import { rm } from 'node:fs/promises';
import { API_VERSION, usageError } from '../../core/index.ts';
import { requireEngine, withEngine } from '../engine/require.ts';
import { labParts } from '../find.ts';
import { withLabLock } from '../lock.ts';
import { planOf, type UpOptions } from '../plan.ts';
import { removeLab } from '../remove.ts';
import type { LabDeps } from '../session.ts';
import { stopFilling } from './background.ts';
import { fillPool, requireMemory } from './fill.ts';
import { fillLogFile, fillState, forgetFilling, type FillState } from './fill-state.ts';
import { poolPaths } from './folder.ts';
import { madeFromNow } from './made-from.ts';
import { pooled, type PooledCluster } from './prepared.ts';
import { isOfKind, readSettings, removeSettings, settingsFor, writeSettings, type PoolSettings } from './settings.ts';

/** One cluster of the pool's, for people. */
export interface PoolLab {
  readonly cluster: string;
  /**
   * `prepared`: can be taken; `older`: another version of kubedrill made it; `asleep`: the machine was restarted, it has to be started first;
   * `unfinished`: being made, or left of one that was not; `taken`: a lab by now.
   */
  readonly state: 'prepared' | 'older' | 'asleep' | 'unfinished' | 'taken';
  readonly preparedAt?: string;
  readonly takenAs?: string;
}

/** What `pool --json` prints. */
export interface PoolStatus {
  readonly apiVersion: string;
  /** Null when there is no pool. */
  readonly settings: PoolSettings | null;
  readonly labs: readonly PoolLab[];
  readonly filling: FillState;
  readonly logFile: string;
}

/** Looks at the pool, and changes nothing. */
export async function poolStatus(deps: LabDeps): Promise<PoolStatus> {
  const [settings, clusters, filling] = await Promise.all([
    readSettings(deps.paths),
    pooled(deps.paths),
    fillState(deps.paths),
  ]);
  const labs = await withEngine(deps, () => Promise.all(clusters.map((cluster) => shown(deps, cluster))));
  return { apiVersion: API_VERSION, settings: settings ?? null, labs, filling, logFile: fillLogFile(deps.paths) };
}

/**
 * Makes a pool of that many labs of the kind that the options ask for, and prepares what is missing, one after the other. Fails before anything is
 * made, and with the numbers, when there is no memory for all of them. Cancelled, the pool keeps its size, and the next `up` goes on.
 */
export async function makePool(deps: LabDeps, size: number, options: Omit<UpOptions, 'name'> = {}): Promise<void> {
  const settings = settingsFor(size, planOf(options));
  await requireEngine(deps);
  const prepared = (await pooled(deps.paths)).filter(
    (one) => one.kind === 'prepared' && isOfKind(one.lab.record, settings),
  ).length;
  await requireMemory(settings, prepared, Math.max(0, size - prepared));
  await writeSettings(deps.paths, settings);
  const outcome = await fillPool(deps);
  if (outcome.kind !== 'busy') return;
  const who = outcome.owner === undefined ? 'another kubedrill' : `process ${String(outcome.owner.pid)}`;
  deps.reporter.info(`${who} is filling the pool already, and goes on until it has ${String(size)}`);
}

/** Ends whoever fills the pool, and removes all prepared labs; those that were taken stay. Answers what was removed, as lines. */
export async function endPool(deps: LabDeps): Promise<readonly string[]> {
  const pool = { ...deps, paths: poolPaths(deps.paths) };
  await removeSettings(deps.paths);
  const pid = await stopFilling(deps);
  const removed = await withEngine(deps, () => removeAll(deps, pool));
  await forgetFilling(deps.paths);
  const isEmpty = (await pooled(deps.paths)).length === 0;
  if (isEmpty) await rm(pool.paths.state, { recursive: true, force: true });
  return [...(pid === undefined ? [] : [`process ${String(pid)}, which was filling the pool`]), ...removed];
}

/** Fails with exit code 2 for a name of the pool's clusters, which no lab may have. */
export async function refusePooledName({ paths }: Pick<LabDeps, 'paths'>, name: string): Promise<void> {
  const cluster = (await pooled(paths)).find((one) => one.cluster === name);
  if (cluster === undefined) return;
  throw usageError({
    what: `${name} is not the name of a lab`,
    why: cluster.kind === 'taken' ? `it is the cluster of the lab "${cluster.by}"` : 'it is a cluster of the pool',
    hint:
      cluster.kind === 'taken' ? `the same command with --name ${cluster.by}` : 'kubedrill pool; kubedrill down --pool',
  });
}

async function removeAll(deps: LabDeps, pool: LabDeps): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { kind, cluster } of await pooled(deps.paths)) {
    if (kind === 'taken') continue;
    const work = () => deps.reporter.stage(`Remove "${cluster}" of the pool`, () => removeLab(pool, cluster));
    removed.push(...(await withLabLock(pool, cluster, 'down --pool', work)));
  }
  return removed;
}

async function shown(deps: LabDeps, pooledCluster: PooledCluster): Promise<PoolLab> {
  const { kind, cluster } = pooledCluster;
  if (kind === 'taken') return { cluster, state: 'taken', takenAs: pooledCluster.by };
  if (kind === 'unfinished') return { cluster, state: 'unfinished' };
  const { record, preparedAt, madeFrom } = pooledCluster.lab;
  const [now, { nodes }] = await Promise.all([
    madeFromNow(deps, record, await requireEngine(deps)),
    labParts(deps.runner, cluster),
  ]);
  const isAsleep = nodes.some(({ state }) => state !== 'paused');
  const state = now !== madeFrom ? 'older' : isAsleep ? 'asleep' : 'prepared';
  return { cluster, state, preparedAt };
}
