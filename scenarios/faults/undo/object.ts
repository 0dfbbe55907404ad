import { z } from 'zod';
import { done, KubeError, notYet, waitFor, type KubeClient, type KubeObject } from '../../../core/index.ts';
import { asManifest, refOf } from '../../cluster/objects.ts';
import { defineUndo } from './action.ts';

const ref = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
});

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** Puts an object back as it was, whether it was changed or deleted since. */
export const restoreObject = defineUndo({
  args: z.object({ object }),
  run: ({ env }, args) => putBack(env.session.kube, args.object as unknown as KubeObject),
});

/** Deletes an object and waits until it is gone. */
export const deleteObject = defineUndo({
  args: z.object({ ref }),
  run: async ({ env }, args) => {
    const { namespace, ...rest } = args.ref;
    const target = { ...rest, ...(namespace === undefined ? {} : { namespace }) };
    await env.session.kube.delete(target);
    await waitFor(async () => ((await env.session.kube.get(target)) ? notYet('it is still there') : done(undefined)), {
      what: `${target.kind} ${target.name} to be gone`,
      timeoutMs: 30_000,
      clock: env.session.clock,
    });
  },
});

/** Kinds that take with them what lives in them: they are never deleted to be made anew. */
const HOLDS_OTHERS: readonly string[] = ['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'Node'];

/** Makes the live object equal to this one: created anew, or replaced; where a field cannot be changed, deleted and created. */
export async function putBack(kube: KubeClient, saved: KubeObject): Promise<void> {
  const manifest = asManifest(saved);
  for (let attempt = 1; ; attempt++) {
    const live = await kube.get(refOf(saved));
    try {
      await (live ? kube.replace(over(manifest, live)) : kube.create(manifest));
      return;
    } catch (error) {
      if (!(error instanceof KubeError) || attempt >= 5) throw error;
      // Somebody (a controller) was faster: look again.
      if (error.status === 409) continue;
      // Made anew by the learner with another value of a field that cannot be changed, e.g. a Service's address.
      if (error.status !== 422 || live === undefined || HOLDS_OTHERS.includes(live.kind)) throw error;
      await kube.delete(refOf(live));
    }
  }
}

function over(manifest: KubeObject, live: KubeObject): KubeObject {
  const { uid, resourceVersion } = live.metadata;
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
}
