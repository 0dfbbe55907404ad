import { messageOf, type KubeObject } from '../../core/index.ts';
import type { LabSnapshot, Residue } from '../../labs/index.ts';
import { refOf } from '../cluster/objects.ts';
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
  const outcomes = await Promise.allSettled(acts.map((act) => perform(env, before, act)));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [messageOf(outcome.reason)] : []));
}

export type RestoreAct =
  | { readonly kind: 'restore-node'; readonly node: string; readonly tables: readonly string[] }
  | { readonly kind: 'put-back'; readonly object: KubeObject }
  | { readonly kind: 'delete'; readonly key: string };

/** What there is to do for these differences: one act per node and per object. */
export function planRestore(before: LabSnapshot, residue: readonly Residue[]): readonly RestoreAct[] {
  const tables = new Map<string, Set<string>>();
  const acts: RestoreAct[] = [];
  for (const difference of residue) {
    if (difference.kind === 'node') {
      const known = tables.get(difference.node) ?? new Set<string>();
      tables.set(difference.node, known.add(difference.table));
      continue;
    }
    const saved = before.objects[difference.object];
    if (saved === undefined) acts.push({ kind: 'delete', key: difference.object });
    else acts.push({ kind: 'put-back', object: JSON.parse(saved) as KubeObject });
  }
  const nodes = [...tables].map(([node, names]): RestoreAct => ({ kind: 'restore-node', node, tables: [...names] }));
  return [...nodes, ...acts];
}

async function perform(env: RunEnvironment, before: LabSnapshot, act: RestoreAct): Promise<void> {
  switch (act.kind) {
    case 'restore-node':
      return env.labs.restoreNode(act.node, before, act.tables);
    case 'put-back':
      return putBack(env.session.kube, act.object);
    case 'delete':
      return env.session.kube.delete(refOfKey(act.key), { graceSeconds: 1 });
  }
}

/** `apiVersion/Kind/namespace/name`, where apiVersion may hold a slash itself and namespace may be empty. */
export function refOfKey(key: string): ReturnType<typeof refOf> {
  const parts = key.split('/');
  const [kind = '', namespace = '', name = ''] = parts.slice(-3);
  const apiVersion = parts.slice(0, -3).join('/');
  return { apiVersion, kind, name, ...(namespace === '' ? {} : { namespace }) };
}
