import { existsSync } from 'node:fs';
import { done, notYet, waitFor } from '../../../core/index.ts';
import type { AlertDocument } from '../../../detector/index.ts';
import {
  alertsOf,
  apply,
  containerOf,
  execInContainer,
  kubectl,
  toolboxImage,
  type DetectorLab,
} from '../detector-lab.ts';
import type { DetectorAction } from './actions.ts';
import { NAMESPACE, podObject, PODS, setUpScript, type PodKind } from './pods.ts';

/** What came of an action: the alerts from its pod in its time, and its error if it could not be done. */
export interface Performed {
  readonly action: DetectorAction;
  readonly pod: string;
  readonly image: string;
  readonly error?: string;
  readonly alerts: readonly AlertDocument[];
}

/** Whether this machine has what an action needs. */
export function canBeDone({ needs }: DetectorAction): boolean {
  return needs === undefined || existsSync('/proc/modules');
}

interface Stage {
  readonly lab: DetectorLab;
  readonly node: string;
  readonly image: string;
  readonly containers: ReadonlyMap<PodKind, string>;
}

/**
 * Makes pods of all kinds, does one action after the other, waits until a last one is heard of, and removes all. All
 * containers share one clock with this machine, so that the time of an event says to which action it belongs.
 */
export async function performAll(lab: DetectorLab, actions: readonly DetectorAction[]): Promise<readonly Performed[]> {
  const stage = await makeStage(lab);
  try {
    const all: Done[] = [];
    for (const action of actions.filter(canBeDone)) all.push(await perform(stage, action));
    await untilAllIsHeard(stage);
    const alerts = await alertsOf(lab);
    return all.map((one) => ({ ...one, image: stage.image, alerts: alerts.filter((alert) => isOf(alert, one)) }));
  } finally {
    await kubectl(lab, ['delete', 'namespace', NAMESPACE, '--wait=true', '--timeout=100s']);
  }
}

async function makeStage(lab: DetectorLab): Promise<Stage> {
  const node = lab.nodes.at(-1) ?? '';
  const image = await toolboxImage(lab);
  const kinds = Object.keys(PODS) as PodKind[];
  await apply(lab, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ...kinds.map((kind) => podObject(kind, { image, node })),
  ]);
  const containers = new Map<PodKind, string>();
  for (const kind of kinds) {
    const container = await containerOf(lab, NAMESPACE, kind);
    await execInContainer(node, container, ['sh', '-c', setUpScript(kind)]);
    containers.set(kind, container);
  }
  return { lab, node, image, containers };
}

interface Done {
  readonly action: DetectorAction;
  readonly pod: string;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly error?: string;
}

async function perform(stage: Stage, action: DetectorAction): Promise<Done> {
  const fromNs = process.hrtime.bigint();
  const pod = action.run === 'start' ? `${action.pod}-start` : action.pod;
  try {
    if (action.run === 'start') await startPod(stage, action.pod, pod);
    else await run(stage, action.pod, action.run, action.terminal === true);
    return { action, pod, fromNs, toNs: process.hrtime.bigint() };
  } catch (error) {
    return { action, pod, fromNs, toNs: process.hrtime.bigint(), error: String(error) };
  }
}

async function run(
  { node, containers }: Stage,
  pod: PodKind,
  command: readonly string[],
  terminal: boolean,
): Promise<void> {
  await execInContainer(node, containers.get(pod) ?? '', command, { terminal });
}

async function startPod({ lab, image, node }: Stage, kind: PodKind, name: string): Promise<void> {
  await apply(lab, [podObject(kind, { image, node, name })]);
  await containerOf(lab, NAMESPACE, name);
}

const LAST: DetectorAction = {
  ...{ rule: 'Remove Bulk Data from Disk', maturity: 'stable', pod: 'nobody' },
  does: 'is the last that is done: what was done before it has been heard of as well',
  run: ['shred', '--version'],
};

/** Events wait up to a second for facts; one that comes after all others is waited for, and that second with it. */
async function untilAllIsHeard(stage: Stage): Promise<void> {
  const last = await perform(stage, LAST);
  await waitForAlert(stage.lab, (alert) => alert.rule === LAST.rule && isOf(alert, last));
}

function isOf({ source, monotonicNs, attribution }: AlertDocument, { pod, fromNs, toNs }: Done): boolean {
  const at = BigInt(monotonicNs);
  return (
    source === 'syscall' && attribution.namespace === NAMESPACE && attribution.pod === pod && at >= fromNs && at <= toNs
  );
}

async function waitForAlert(lab: DetectorLab, isIt: (alert: AlertDocument) => boolean): Promise<void> {
  await waitFor(async () => ((await alertsOf(lab)).some(isIt) ? done(undefined) : notYet('it is not there')), {
    what: 'the alert of the last action',
    timeoutMs: 30_000,
    intervalMs: 1_000,
  });
}
