import type { LabDeps } from '../session.ts';
import type { EngineFacts } from '../engine/facts.ts';
import { availableBytes } from '../engine/memory.ts';
import { requireEngine } from '../engine/require.ts';
import { labParts } from '../find.ts';
import { ifLabIsFree, withLabLock, type LockOwner } from '../lock.ts';
import { foreignNodes } from '../provider/kind.ts';
import { topologyOf } from '../provider/topology.ts';
import { removeLab } from '../remove.ts';
import { wakeLab } from '../wake-lab.ts';
import { notedFilling } from './fill-state.ts';
import { pooledClusters, pooledName, poolPaths } from './folder.ts';
import { madeFromNow } from './made-from.ts';
import { checkMemory } from './memory.ts';
import { pooled, readPrepared, removeNote } from './prepared.ts';
import { prepareAgain, prepareLab } from './prepare.ts';
import { isOfKind, readSettings, type PoolSettings } from './settings.ts';

/** `busy`: another process fills the pool already. */
export type FillOutcome =
  | { readonly kind: 'filled'; readonly prepared: number }
  | { readonly kind: 'no-pool' }
  | { readonly kind: 'busy'; readonly owner: LockOwner | undefined };

/** The lock of whoever fills the pool; no cluster can have its name. */
const FILL_LOCK = 'pool-fill';

/**
 * Makes the pool what its settings say, one lab after the other: removes what an older version made, what is of another kind, and what is left of
 * labs that were not made to the end; pauses those that run; makes those that are missing. Reads the settings again before each lab. Fails with the
 * numbers when there is no memory for the next one.
 */
export async function fillPool(deps: LabDeps): Promise<FillOutcome> {
  const filling: Filling = { deps, pool: { ...deps, paths: poolPaths(deps.paths) } };
  const outcome = await ifLabIsFree(filling.pool, FILL_LOCK, 'fill the pool', async () => {
    if ((await readSettings(deps.paths)) === undefined) return { kind: 'no-pool' } as const;
    return notedFilling(deps.paths, deps.clock, () => fill(filling));
  });
  return outcome.kind === 'busy' ? outcome : outcome.value;
}

interface Filling {
  readonly deps: LabDeps;
  /** The same with the pool's own paths. */
  readonly pool: LabDeps;
}

async function fill(filling: Filling): Promise<FillOutcome> {
  const { deps, pool } = filling;
  const engine = await requireEngine(deps);
  for (;;) {
    deps.signal?.throwIfAborted();
    const settings = await readSettings(deps.paths);
    if (settings === undefined) return { kind: 'no-pool' };
    const prepared = await tidied(filling, settings, engine);
    if (prepared >= settings.size) return { kind: 'filled', prepared };
    await requireMemory(settings, prepared, 1);
    const cluster = await freeName(deps);
    await withLabLock(pool, cluster, 'prepare it', () => prepareLab({ deps: pool, engine }, settings, cluster));
  }
}

/** Fails with the numbers when there is no memory for that many more labs. */
export async function requireMemory(settings: PoolSettings, prepared: number, more: number): Promise<void> {
  const freeBytes = await availableBytes();
  if (freeBytes !== undefined) checkMemory(freeBytes, topologyOf(settings.topology), { more, prepared });
}

/** Looks after every cluster of the pool that nobody else is at; answers how many are prepared then. */
async function tidied({ deps, pool }: Filling, settings: PoolSettings, engine: EngineFacts): Promise<number> {
  let prepared = 0;
  for (const { kind, cluster } of await pooled(deps.paths)) {
    if (kind === 'taken') continue;
    const outcome = await ifLabIsFree(pool, cluster, 'look after it', async () => {
      const why =
        prepared >= settings.size ? 'the pool is to be smaller' : await putRight(pool, cluster, settings, engine);
      if (why === undefined) return true;
      await removeLab(pool, cluster);
      pool.reporter.info(`removed "${cluster}" from the pool: ${why}`);
      return false;
    });
    // A lab that is being taken at this moment is none of the pool's any more.
    if (outcome.kind === 'done' && outcome.value) prepared += 1;
  }
  return prepared;
}

/** Leaves the lab prepared and paused, or answers why it has to go. */
async function putRight(
  pool: LabDeps,
  cluster: string,
  settings: PoolSettings,
  engine: EngineFacts,
): Promise<string | undefined> {
  const lab = await readPrepared(pool.paths, cluster);
  if (lab === undefined) return 'it was not made to the end';
  if (!isOfKind(lab.record, settings)) return 'it is of another kind than the pool';
  const now = await madeFromNow(pool, lab.record, engine);
  if (now !== lab.madeFrom) return 'another version of kubedrill made it';
  const parts = await labParts(pool.runner, cluster);
  const states = new Set(parts.nodes.map(({ state }) => state));
  if (states.size === 1 && states.has('paused')) return undefined;
  try {
    await removeNote(pool.paths, cluster);
    const awake = await wakeLab(pool, lab.record, parts);
    if (awake === undefined) return 'machines of it are gone';
    await prepareAgain(pool, awake, lab.madeFrom);
    return undefined;
  } catch (error) {
    pool.signal?.throwIfAborted();
    return `it could not be started again: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The lowest number that names nothing yet: no lab, no cluster of anybody's, no network. */
async function freeName({ runner, paths }: LabDeps): Promise<string> {
  const used = await pooledClusters(paths);
  for (let number = 1; ; number++) {
    const name = pooledName(number);
    if (used.includes(name)) continue;
    const [foreign, parts] = await Promise.all([foreignNodes(runner, name), labParts(runner, name)]);
    if (foreign.length === 0 && parts.nodes.length === 0 && parts.network === 'none') return name;
  }
}
