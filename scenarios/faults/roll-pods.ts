import { podsOf, replacePods } from '../cluster/pods.ts';
import type { Workload } from '../cluster/objects.ts';
import type { ObjectRef } from '../../core/index.ts';
import { mustGet } from './objects.ts';
import type { RunStep } from './step.ts';

/**
 * Replaces every pod of a workload, half of them at a time, so that all endpoints change as in a roll-out. Leaves nothing to take
 * back: the workload itself stays as it is.
 */
export function rollPods(title: string, workload: ObjectRef): RunStep {
  return {
    title,
    undo: async () => [],
    run: async ({ env }) => {
      const pods = await podsOf(env.session.kube, await mustGet<Workload>(env, workload));
      const half = Math.ceil(pods.length / 2);
      await replacePods(env.session, pods.slice(0, half));
      await replacePods(env.session, pods.slice(half));
    },
  };
}
