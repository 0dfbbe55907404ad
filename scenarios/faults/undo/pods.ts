import { z } from 'zod';
import { podsWith, replacePods } from '../../cluster/pods.ts';
import { defineUndo } from './action.ts';

/** Replaces pods by new ones (of one node, when one is named) and waits until those are ready. */
export const replaceMatchingPods = defineUndo({
  args: z.object({
    namespace: z.string(),
    labels: z.record(z.string(), z.string()),
    node: z.string().optional(),
    name: z.string().optional(),
  }),
  run: async ({ env }, { namespace, labels, node, name }) => {
    const pods = await podsWith(env.session.kube, namespace, labels);
    const meant = pods.filter(
      (pod) => (node === undefined || pod.spec.nodeName === node) && (name === undefined || pod.metadata.name === name),
    );
    await replacePods(env.session, meant);
  },
});
