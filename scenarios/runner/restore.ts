import { messageOf, type KubeClient, type KubeObject, type ObjectRef } from '../../core/index.ts';
import type { LabSnapshot, Residue } from '../../labs/index.ts';
import { nodeOf } from '../cluster/nodes.ts';
import { asManifest, refTo, type Pod } from '../cluster/objects.ts';
import { deletePods, podsReading } from '../cluster/pods.ts';
import { putBack } from '../faults/undo/object.ts';
import type { RunEnvironment } from '../ports.ts';
import { planRestore, type RestoreAct } from './restore-plan.ts';

/** What is to go need not end its work first; a program that ignores the request would keep it for half a minute. */
const GRACE_SECONDS = 1;

/**
 * Makes the lab equal to the picture wherever the residue says that it is not: this is for what the learner left behind, which
 * no journal knows. Returns what could not be done; the caller compares again anyway.
 */
export async function restoreFromPicture(
  env: RunEnvironment,
  before: LabSnapshot,
  residue: readonly Residue[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const acts of planRestore(before, residue)) {
    const outcomes = await Promise.allSettled(acts.map((act) => perform(env, before, act)));
    problems.push(...outcomes.flatMap((one) => (one.status === 'rejected' ? [messageOf(one.reason)] : [])));
  }
  return problems;
}

async function perform(env: RunEnvironment, before: LabSnapshot, act: RestoreAct): Promise<void> {
  const { kube } = env.session;
  switch (act.kind) {
    case 'restore-node':
      return env.labs.restoreNode(act.node, before, act.tables);
    case 'put-back':
      return putBackForReaders(kube, act.object);
    case 'put-node-back':
      return putNodeBack(env, act.object);
    case 'delete':
      return remove(kube, act.ref);
    case 'renew-pods':
      return renewPods(env, before);
  }
}

/** The cluster's authority, which every pod mounts and looks at anew. */
const OF_EVERY_POD = 'kube-root-ca.crt';

/** Programs that have read the changed text when they started go on with it: they start again. */
async function putBackForReaders(kube: KubeClient, object: KubeObject): Promise<void> {
  await putBack(kube, object);
  const { name, namespace = '' } = object.metadata;
  if (object.kind !== 'ConfigMap' || name === OF_EVERY_POD) return;
  await deletePods(kube, await podsReading(kube, namespace, name), GRACE_SECONDS);
}

/** Labels, annotations, taints and the cordon; the rest of a Node is its kubelet's, which makes what hangs on it when it starts. */
async function putNodeBack({ session }: RunEnvironment, saved: KubeObject): Promise<void> {
  const { kube } = session;
  const ref = refTo('v1', 'Node', saved.metadata.name);
  const live = await kube.get(ref);
  if (live === undefined) {
    await kube.create(asManifest(saved));
    await nodeOf(session, ref.name).exec(['systemctl', 'restart', 'kubelet']);
    return;
  }
  const { labels, annotations } = saved.metadata;
  const { taints, unschedulable } = saved['spec'] as { readonly taints?: unknown; readonly unschedulable?: boolean };
  await kube.patch(ref, 'merge', {
    metadata: {
      labels: exactly(labels, live.metadata.labels),
      annotations: exactly(annotations, live.metadata.annotations),
    },
    spec: { taints: taints ?? null, unschedulable: unschedulable ?? null },
  });
}

type Texts = Readonly<Record<string, string>> | undefined;

/** A patch that leaves no others. */
function exactly(saved: Texts, live: Texts): Readonly<Record<string, string | null>> {
  return { ...Object.fromEntries(Object.keys(live ?? {}).map((key) => [key, null])), ...saved };
}

/**
 * Deletes an object with the pods that are in it, and lets it go where a finalizer would keep it. All at once: a namespace that is not empty after
 * five seconds is not looked at again for a quarter of a minute.
 */
async function remove(kube: KubeClient, ref: ObjectRef): Promise<void> {
  await kube.delete(ref, { graceSeconds: GRACE_SECONDS });
  if (ref.kind === 'Namespace')
    await deletePods(kube, await kube.list<Pod>('v1', 'Pod', { namespace: ref.name }), GRACE_SECONDS);
  const live = await kube.get(ref);
  if (live?.metadata.deletionTimestamp === undefined || live.metadata.finalizers === undefined) return;
  await kube.patch(ref, 'merge', { metadata: { finalizers: null } });
}

async function renewPods({ session: { kube }, labs }: RunEnvironment, before: LabSnapshot): Promise<void> {
  const [pods, replicaSets] = await Promise.all([kube.list<Pod>('v1', 'Pod'), kube.list('apps/v1', 'ReplicaSet')]);
  const foreign = new Set(labs.foreignPods(before, [...pods, ...replicaSets]));
  await deletePods(
    kube,
    pods.filter((pod) => foreign.has(pod)),
    GRACE_SECONDS,
  );
}
