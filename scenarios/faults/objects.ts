import { KubedrillError, type KubeObject, type ObjectRef, type PatchKind } from '../../core/index.ts';
import { asManifest, refOf } from '../cluster/objects.ts';
import { toJson } from '../json.ts';
import type { Undo } from '../journal/entry.ts';
import type { RunEnvironment } from '../ports.ts';
import type { RunStep } from './step.ts';

/** Creates an object; taken back by deleting it. */
export function createObject(title: string, object: KubeObject): RunStep {
  return {
    title,
    undo: async () => [{ action: 'object.delete', args: { ref: toJson(refOf(object)) } }],
    run: async ({ env }) => {
      await env.session.kube.create(object);
    },
  };
}

/** Changes an object that is there; taken back by putting it back as it is now. */
export function changeObject(
  title: string,
  ref: ObjectRef,
  change: { readonly kind: PatchKind; readonly patch: unknown },
): RunStep {
  return {
    title,
    undo: async ({ env }) => [await restoreAction(env, ref)],
    run: async ({ env }) => {
      await env.session.kube.patch(ref, change.kind, change.patch);
    },
  };
}

/** Deletes an object that is there; taken back by making it again. */
export function removeObject(title: string, ref: ObjectRef): RunStep {
  return {
    title,
    undo: async ({ env }) => [await restoreAction(env, ref)],
    run: async ({ env }) => {
      await env.session.kube.delete(ref);
    },
  };
}

/** The object as it is now, as something to go back to. */
async function restoreAction(env: RunEnvironment, ref: ObjectRef): Promise<Undo> {
  return { action: 'object.restore', args: { object: toJson(asManifest(await mustGet(env, ref))) } };
}

/** An object that the standing lab always has. */
export async function mustGet<T extends KubeObject = KubeObject>(env: RunEnvironment, ref: ObjectRef): Promise<T> {
  const object = await env.session.kube.get<T>(ref);
  if (object) return object;
  throw new KubedrillError({
    what: `the lab has no ${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`,
    why: 'it belongs to the standing lab, and somebody removed it',
    hint: 'kubedrill down && kubedrill up',
  });
}
