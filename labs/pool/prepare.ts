import type { Session, LabDeps, LabRecord } from '../session.ts';
import { buildLab } from '../build-lab.ts';
import { pauseContainers } from '../engine/containers.ts';
import type { EngineFacts } from '../engine/facts.ts';
import { labParts, type LabParts } from '../find.ts';
import { materialsFor } from '../materials.ts';
import { planOf } from '../plan.ts';
import { removeLab } from '../remove.ts';
import { verifyLab } from '../verify-lab.ts';
import type { AwakeLab } from '../wake-lab.ts';
import { madeFrom } from './made-from.ts';
import { notePrepared } from './prepared.ts';
import { proveFresh } from './prove-fresh.ts';
import type { PoolSettings } from './settings.ts';

/** The pool's own paths (folder.ts) are in `deps.paths` of everything here. */
interface Preparing {
  readonly deps: LabDeps;
  readonly engine: EngineFacts;
}

/** Builds a lab under the name of the cluster, measures it, and pauses it. A failure, and a cancelled signal, leave nothing of it. */
export async function prepareLab(
  { deps, engine }: Preparing,
  { topology, addons, cni, audit, kubernetesVersion, egress }: PoolSettings,
  cluster: string,
): Promise<void> {
  const plan = planOf({ name: cluster, topology, addons, cni, audit, kubernetesVersion, egress });
  const materials = await materialsFor(deps, plan, engine);
  const session = await buildLab(deps, plan, materials);
  await orRemove(deps, cluster, () =>
    putToRest(deps, session, madeFrom(session.lab, materials.images, materials.host)),
  );
}

/** Makes a prepared lab that the machine's restart has woken, or stopped, a paused one again. */
export async function prepareAgain(deps: LabDeps, awake: AwakeLab, fingerprint: string): Promise<void> {
  const { cluster } = awake.record;
  await orRemove(deps, cluster, async () => {
    const session = await deps.reporter.stage(`Verify "${cluster}" of the pool`, (detail) =>
      verifyLab(deps, awake, detail),
    );
    await putToRest(deps, session, fingerprint);
  });
}

/** Freezes all machines of a lab, so that it goes on where it was. */
export async function pauseLab({ runner }: Pick<LabDeps, 'runner'>, { nodes, keeper }: LabParts): Promise<void> {
  const machines = [...nodes, ...(keeper === undefined ? [] : [keeper])];
  await pauseContainers(
    runner,
    machines.filter(({ state }) => state === 'running').map(({ name }) => name),
  );
}

async function putToRest(deps: LabDeps, session: Session, fingerprint: string): Promise<void> {
  const { lab } = session;
  await deps.reporter.stage(`Measure "${lab.cluster}" of the pool, and pause it`, async (detail) => {
    await proveFresh(session, detail);
    await pauseLab(deps, await labParts(deps.runner, lab.cluster));
    await notePrepared(deps.paths, lab.cluster, {
      preparedAt: deps.clock.now().toISOString(),
      madeFrom: fingerprint,
    });
  });
}

async function orRemove(deps: LabDeps, cluster: LabRecord['cluster'], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await removeLab(deps, cluster);
    throw error;
  }
}
