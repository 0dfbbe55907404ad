import { z } from 'zod';
import { restartFlannel } from '../../cluster/flannel.ts';
import { defineUndo } from './action.ts';

/** Restarts flannel on a node: it reads its configuration at start only, and writes routes and masquerading anew. */
export const restartFlannelAction = defineUndo({
  args: z.object({ node: z.string() }),
  run: async ({ env }, { node }) => {
    await restartFlannel(env, [node]);
  },
});
