import type { KubeObject, ObjectRef } from '../../core/index.ts';
import type { LabSnapshot, Residue } from '../../labs/index.ts';
import { refTo } from '../cluster/objects.ts';

export type RestoreAct =
  | { readonly kind: 'restore-node'; readonly node: string; readonly tables: readonly string[] }
  | { readonly kind: 'put-back'; readonly object: KubeObject }
  | { readonly kind: 'put-node-back'; readonly object: KubeObject }
  | { readonly kind: 'delete'; readonly ref: ObjectRef }
  /** Pods that are not as those of the picture, e.g. by a container that was added to them, or by another image. */
  | { readonly kind: 'renew-pods' };

/**
 * What there is to do for these differences, in groups of which each needs the one before: what may refuse changes goes first, then come namespaces,
 * the other objects, their pods, and last the nodes, part of whose rules follows from the objects. None for what a picture cannot give back.
 */
export function planRestore(before: LabSnapshot, residue: readonly Residue[]): readonly (readonly RestoreAct[])[] {
  const acts = [...objectActs(before, residue), ...nodeActs(residue)];
  return [0, 1, 2, 3, 4]
    .map((group) => acts.filter((act) => groupOf(act) === group))
    .filter(({ length }) => length > 0);
}

/** Kinds of which the picture holds only hashes. */
const HASHED = new Set(['Secret', 'CustomResourceDefinition']);
/** Kinds that can refuse or change what others ask of the API server. */
const GATES = /^(Validating|Mutating)(WebhookConfiguration|AdmissionPolicy|AdmissionPolicyBinding)$|^APIService$/;

function groupOf(act: RestoreAct): number {
  if (act.kind === 'restore-node') return 4;
  if (act.kind === 'renew-pods') return 3;
  const kind = act.kind === 'delete' ? act.ref.kind : act.object.kind;
  if (GATES.test(kind)) return 0;
  return kind === 'Namespace' && act.kind === 'put-back' ? 1 : 2;
}

function objectActs(before: LabSnapshot, residue: readonly Residue[]): readonly RestoreAct[] {
  const objects = residue.flatMap((one) => (one.kind === 'object' ? [one.object] : []));
  const own = objects.filter((key) => !isPodGroup(key));
  const renew: readonly RestoreAct[] = own.length < objects.length ? [{ kind: 'renew-pods' }] : [];
  return [...own.flatMap((key) => actsFor(key, before.objects[key])), ...renew];
}

function actsFor(key: string, saved: string | undefined): readonly RestoreAct[] {
  const ref = refOfKey(key);
  if (saved === undefined) return [{ kind: 'delete', ref }];
  if (HASHED.has(ref.kind)) return [];
  const { apiVersion, kind } = ref;
  const object = { ...(JSON.parse(saved) as KubeObject), apiVersion, kind };
  // It comes with its owner, whose identity is not the one of then.
  if (object.metadata.ownerReferences !== undefined) return [];
  return [{ kind: kind === 'Node' ? 'put-node-back' : 'put-back', object }];
}

/** All tables of a node at once. */
function nodeActs(residue: readonly Residue[]): readonly RestoreAct[] {
  const tables = new Map<string, Set<string>>();
  for (const difference of residue) {
    if (difference.kind !== 'node') continue;
    const known = tables.get(difference.node) ?? new Set<string>();
    tables.set(difference.node, known.add(difference.table));
  }
  return [...tables].map(([node, names]) => ({ kind: 'restore-node', node, tables: [...names] }));
}

function isPodGroup(key: string): boolean {
  const { kind, name } = refOfKey(key);
  return kind === 'Pod' && name.startsWith('pods of ');
}

/** `apiVersion/Kind/namespace/name`, where apiVersion may hold a slash itself and namespace may be empty. */
function refOfKey(key: string): ObjectRef {
  const parts = key.split('/');
  const [kind = '', namespace = '', name = ''] = parts.slice(-3);
  return refTo(parts.slice(0, -3).join('/'), kind, name, namespace === '' ? undefined : namespace);
}
