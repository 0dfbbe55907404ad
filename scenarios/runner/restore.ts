import { messageOf, type KubeClient, type KubeObject, type ObjectRef } from '../../core/index.ts';
import type { LabSnapshot, Residue } from '../../labs/index.ts';
import { refTo, type Pod } from '../cluster/objects.ts';
import { deletePods } from '../cluster/pods.ts';
import { putBack } from '../faults/undo/object.ts';
import type { RunEnvironment } from '../ports.ts';

/**
 * Makes the lab equal to the picture wherever the residue says that it is not: this is for what the learner left behind, which
 * no journal knows. Returns what could not be done; the caller compares again anyway.
 */
export async function restoreFromPicture(
  env: RunEnvironment,
  before: LabSnapshot,
  residue: readonly Residue[],
): Promise<readonly string[]> {
  const acts = planRestore(before, residue);
  const isNode = (act: RestoreAct): boolean => act.kind === 'restore-node';
  const tryAll = (some: readonly RestoreAct[]): Promise<readonly PromiseSettledResult<void>[]> =>
    Promise.allSettled(some.map((act) => perform(env, before, act)));
  // Objects first: part of a node's rules follows from them.
  const outcomes = [...(await tryAll(acts.filter((act) => !isNode(act)))), ...(await tryAll(acts.filter(isNode)))];
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [messageOf(outcome.reason)] : []));
}

export type RestoreAct =
  | { readonly kind: 'restore-node'; readonly node: string; readonly tables: readonly string[] }
  | { readonly kind: 'put-back'; readonly object: KubeObject }
  | { readonly kind: 'put-node-back'; readonly object: KubeObject }
  | { readonly kind: 'delete'; readonly ref: ObjectRef }
  /** Pods that differ from their controller's template by a container that was added to them. */
  | { readonly kind: 'renew-pods'; readonly namespace: string };

/** What there is to do for these differences: one act per node and per object; none for what a picture cannot give back. */
export function planRestore(before: LabSnapshot, residue: readonly Residue[]): readonly RestoreAct[] {
  const tables = new Map<string, Set<string>>();
  const acts: RestoreAct[] = [];
  for (const difference of residue) {
    if (difference.kind === 'node') {
      const known = tables.get(difference.node) ?? new Set<string>();
      tables.set(difference.node, known.add(difference.table));
    } else {
      acts.push(...actsFor(difference.object, before.objects[difference.object]));
    }
  }
  const nodes = [...tables].map(([node, names]): RestoreAct => ({ kind: 'restore-node', node, tables: [...names] }));
  return [...nodes, ...acts];
}

/** Kinds of which the picture holds only hashes. */
const HASHED = new Set(['Secret', 'CustomResourceDefinition']);

function actsFor(key: string, saved: string | undefined): readonly RestoreAct[] {
  const ref = refOfKey(key);
  if (isPodGroup(ref)) return [{ kind: 'renew-pods', namespace: ref.namespace ?? '' }];
  if (saved === undefined) return [{ kind: 'delete', ref }];
  if (HASHED.has(ref.kind)) return [];
  const { apiVersion, kind } = ref;
  const object = { ...(JSON.parse(saved) as KubeObject), apiVersion, kind };
  return [{ kind: kind === 'Node' ? 'put-node-back' : 'put-back', object }];
}

async function perform(env: RunEnvironment, before: LabSnapshot, act: RestoreAct): Promise<void> {
  const { kube } = env.session;
  switch (act.kind) {
    case 'restore-node':
      return env.labs.restoreNode(act.node, before, act.tables);
    case 'put-back':
      return putBack(kube, act.object);
    case 'put-node-back':
      return putNodeBack(kube, act.object);
    case 'delete':
      return kube.delete(act.ref, { graceSeconds: 1 });
    case 'renew-pods':
      return renewPods(kube, act.namespace);
  }
}

/** Labels, taints and the cordon; the rest of a Node is its kubelet's. */
async function putNodeBack(kube: KubeClient, saved: KubeObject): Promise<void> {
  const ref = refTo('v1', 'Node', saved.metadata.name);
  const live = await kube.get(ref);
  const gone = Object.keys(live?.metadata.labels ?? {}).filter((key) => !(key in (saved.metadata.labels ?? {})));
  const labels = { ...saved.metadata.labels, ...Object.fromEntries(gone.map((key) => [key, null])) };
  const { taints, unschedulable } = saved['spec'] as { readonly taints?: unknown; readonly unschedulable?: boolean };
  await kube.patch(ref, 'merge', {
    metadata: { labels },
    spec: { taints: taints ?? null, unschedulable: unschedulable ?? null },
  });
}

async function renewPods(kube: KubeClient, namespace: string): Promise<void> {
  const pods = await kube.list<Pod>('v1', 'Pod', { namespace });
  await deletePods(
    kube,
    pods.filter((pod) => (pod.spec.ephemeralContainers ?? []).length > 0),
  );
}

function isPodGroup({ kind, name }: ObjectRef): boolean {
  return kind === 'Pod' && name.startsWith('pods of ');
}

/** `apiVersion/Kind/namespace/name`, where apiVersion may hold a slash itself and namespace may be empty. */
function refOfKey(key: string): ObjectRef {
  const parts = key.split('/');
  const [kind = '', namespace = '', name = ''] = parts.slice(-3);
  return refTo(parts.slice(0, -3).join('/'), kind, name, namespace === '' ? undefined : namespace);
}
