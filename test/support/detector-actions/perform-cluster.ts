import { done, notYet, waitFor } from '../../../core/index.ts';
import type { AlertDocument } from '../../../detector/index.ts';
import { alertsOf, execInContainer, loadRules, type DetectorLab } from '../detector-lab.ts';
import { STAGE, WAITING_POD, type ClusterAction } from './cluster-action.ts';
import { clearStage, onStage, rulesOfStage, setStage, type Stage } from './stage.ts';

/** What came of an action: the alerts of its time and place, and its error if it could not be done. */
export interface ClusterPerformed {
  readonly action: ClusterAction;
  readonly alerts: readonly AlertDocument[];
  readonly error?: string;
}

/**
 * Does one action after the other, waits until the last is heard of, and puts all back. An audit event has the wall clock's time, to a
 * millisecond: between two actions there is more.
 */
export async function performOnCluster(
  lab: DetectorLab,
  actions: readonly ClusterAction[],
): Promise<readonly ClusterPerformed[]> {
  await loadRules(lab, rulesOfStage());
  const stage = await setStage(lab);
  const all: Done[] = [];
  try {
    for (const action of [...actions, LAST]) all.push(await perform(stage, action));
    const alerts = await alertsUntilLast(lab, all.at(-1));
    return all
      .filter(({ action }) => action !== LAST)
      .map((one) => ({ ...one, alerts: alerts.filter((alert) => isOf(alert, one, stage)) }));
  } finally {
    const undone = actions.flatMap(({ undo }) => (undo === undefined ? [] : [`{ ${undo}; } || true`]));
    await onStage(stage, undone.join('\n'));
    await clearStage(stage);
  }
}

interface Done {
  readonly action: ClusterAction;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly error?: string;
}

async function perform(stage: Stage, action: ClusterAction): Promise<Done> {
  const fromNs = process.hrtime.bigint();
  try {
    if (action.where === 'pod') await execInContainer(stage.node, stage.container, ['sh', '-c', action.run]);
    else await onStage(stage, action.run);
    return { action, fromNs, toNs: process.hrtime.bigint() };
  } catch (error) {
    return { action, fromNs, toNs: process.hrtime.bigint(), error: String(error) };
  }
}

/** The log of requests is read behind what the sensor sees: when this has been heard of, all has. */
const LAST: ClusterAction = {
  ...{ rule: 'K8s Secret Get Unsuccessfully Tried', where: 'api', does: 'is the last that is done' },
  run: `! kubectl get secret -n ${STAGE} last`,
};

function alertsUntilLast(lab: DetectorLab, last: Done | undefined): Promise<readonly AlertDocument[]> {
  return waitFor(
    async () => {
      const alerts = await alertsOf(lab);
      const isThere = alerts.some(
        ({ rule, monotonicNs }) => rule === LAST.rule && BigInt(monotonicNs) >= (last?.fromNs ?? 0n),
      );
      return isThere ? done(alerts) : notYet('it is not there');
    },
    { what: 'the alert of the last action', timeoutMs: 30_000, intervalMs: 1_000 },
  );
}

const PLACES = {
  api: ({ source }: AlertDocument): boolean => source === 'k8s_audit',
  node: ({ source, attribution }: AlertDocument, { node }: Stage): boolean =>
    source === 'syscall' && attribution.node === node && attribution.container === 'host',
  pod: ({ source, attribution }: AlertDocument): boolean => source === 'syscall' && attribution.pod === WAITING_POD,
} as const;

function isOf(alert: AlertDocument, { action, fromNs, toNs }: Done, stage: Stage): boolean {
  const at = BigInt(alert.monotonicNs);
  return PLACES[action.where](alert, stage) && at >= fromNs && at <= toNs;
}
