import { z } from 'zod';
import { restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { defineUndo } from './action.ts';

/** Restarts kube-proxy (on one node, when one is named): its start is a full sync of the rules it keeps. */
export const restartKubeProxyAction = defineUndo({
  args: z.object({ node: z.string().optional() }),
  run: async ({ env }, { node }) => {
    await restartKubeProxy(env, node);
  },
});
