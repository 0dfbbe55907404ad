import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { KubedrillError, messageOf } from '../../core/index.ts';
import type { EngineFacts } from '../engine/facts.ts';
import { labParts } from '../find.ts';
import { DEFAULT_KUBERNETES } from '../images/index.ts';
import { ifLabIsFree } from '../lock.ts';
import { labFolder } from '../names.ts';
import type { UpPlan } from '../plan.ts';
import { MOUNTED_FOLDER } from '../provider/kind.ts';
import { removeRecord, writeRecord } from '../record.ts';
import { removeLab } from '../remove.ts';
import type { LabDeps, Session } from '../session.ts';
import { verifyLab } from '../verify-lab.ts';
import { wakeLab, type AwakeLab } from '../wake-lab.ts';
import { poolPaths } from './folder.ts';
import { forgetEvents } from './forget-events.ts';
import { madeFromNow } from './made-from.ts';
import { pauseLab } from './prepare.ts';
import { pooled, readPrepared, removeNote, type PreparedLab } from './prepared.ts';
import { proveFresh } from './prove-fresh.ts';
import { isOfKind } from './settings.ts';

interface Taking {
  readonly deps: LabDeps;
  /** The same with the pool's own paths. */
  readonly pool: LabDeps;
  readonly plan: UpPlan;
  readonly engine: EngineFacts;
}

/**
 * Takes a prepared lab from the pool as the lab of the plan: wakes it, and proves that it is as a fresh one. One that another version of kubedrill
 * made, or that does not come to life, is removed, and the next one tried. Undefined when the pool has none that fits.
 */
export async function takeFromPool(deps: LabDeps, plan: UpPlan, engine: EngineFacts): Promise<Session | undefined> {
  const taking = { deps, pool: { ...deps, paths: poolPaths(deps.paths) }, plan, engine };
  for (const candidate of await pooled(deps.paths)) {
    if (candidate.kind !== 'prepared' || !isWanted(candidate.lab, plan)) continue;
    const awake = await claimed(taking, candidate.cluster);
    const session = awake === undefined ? undefined : await proven(taking, awake);
    if (session !== undefined) return session;
  }
  return undefined;
}

function isWanted({ record }: PreparedLab, plan: UpPlan): boolean {
  const { topology, addons, cni, audit, kubernetesVersion, egress } = plan;
  return isOfKind(record, {
    ...{ topology: topology.name, addons, cni, audit, egress },
    kubernetesVersion: kubernetesVersion ?? DEFAULT_KUBERNETES,
  });
}

/** The lab once it is awake and belongs to the user; undefined when it is not to be had. Two at once never get the same one. */
async function claimed({ deps, pool, plan, engine }: Taking, cluster: string): Promise<AwakeLab | undefined> {
  const outcome = await ifLabIsFree(pool, cluster, `take it as "${plan.name}"`, async () => {
    // Somebody may have taken it since.
    const lab = await readPrepared(pool.paths, cluster);
    if (lab === undefined) return undefined;
    return deps.reporter.stage(`Wake "${cluster}" of the pool as "${plan.name}"`, async () => {
      const awake = await wokenIfCurrent(pool, lab, engine);
      if (awake === undefined) return undefined;
      const record = { ...lab.record, name: plan.name };
      const folder = labFolder(deps.paths, plan.name);
      // The record says whose the cluster is, so it comes first.
      await writeRecord(folder, record);
      await removeNote(pool.paths, cluster);
      await removeRecord(labFolder(pool.paths, cluster));
      await moveFiles(labFolder(pool.paths, cluster), folder);
      return { ...awake, record };
    });
  });
  return outcome.kind === 'busy' ? undefined : outcome.value;
}

/** Kubeconfig, the picture of the fresh lab: all but what the machines mount. */
async function moveFiles(from: string, to: string): Promise<void> {
  const names = (await readdir(from)).filter((name) => name !== MOUNTED_FOLDER);
  for (const name of names) await rename(join(from, name), join(to, name));
}

/** Wakes it while looking whether this program would make it the same: both take about a second. */
async function wokenIfCurrent(pool: LabDeps, lab: PreparedLab, engine: EngineFacts): Promise<AwakeLab | undefined> {
  const [now, waking] = await Promise.allSettled([
    madeFromNow(pool, lab.record, engine),
    labParts(pool.runner, lab.record.cluster).then((parts) => wakeLab(pool, lab.record, parts)),
  ]);
  if (now.status === 'rejected' || pool.signal?.aborted) {
    await pauseLab(pool, await labParts(pool.runner, lab.record.cluster));
    pool.signal?.throwIfAborted();
    throw (now as PromiseRejectedResult).reason;
  }
  if (now.value === lab.madeFrom && waking.status === 'fulfilled' && waking.value !== undefined) return waking.value;
  const why =
    now.value !== lab.madeFrom
      ? 'another version of kubedrill made it'
      : `it does not wake: ${waking.status === 'rejected' ? messageOf(waking.reason) : 'machines of it are gone'}`;
  await removeLab(pool, lab.record.cluster);
  pool.reporter.info(`removed "${lab.record.cluster}" from the pool: ${why}`);
  return undefined;
}

/** A lab that is not as a fresh one is removed; so is one whose taking was cancelled. */
async function proven({ deps, plan }: Taking, awake: AwakeLab): Promise<Session | undefined> {
  try {
    const session = await deps.reporter.stage('Wait until all of it is ready', (detail) =>
      verifyLab(deps, awake, detail),
    );
    await deps.reporter.stage('Measure every path', (detail) => proveFresh(session, detail));
    await forgetEvents(session.kube);
    return session;
  } catch (error) {
    if (plan.onFailure === 'remove' || !deps.signal?.aborted) await removeLab(deps, plan.name);
    deps.signal?.throwIfAborted();
    const why = error instanceof KubedrillError ? `${error.what}: ${error.why}` : messageOf(error);
    deps.reporter.warn(`"${awake.record.cluster}" of the pool is not as a fresh lab, and was removed: ${why}`);
    return undefined;
  }
}
