import { z } from 'zod';
import { KubedrillError } from '../../../core/index.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { defineUndo } from './action.ts';

/** Makes tables of a node (all, when none are named) as they were in the picture. */
export const restoreNode = defineUndo({
  args: z.object({ node: z.string(), tables: z.array(z.string()).optional() }),
  run: async ({ env, before }, { node, tables }) => {
    if (!before) {
      throw new KubedrillError({
        what: `cannot restore ${node}`,
        why: 'the picture taken before the run is missing',
        hint: 'kubedrill down && kubedrill up',
      });
    }
    await env.labs.restoreNode(node, before, tables);
  },
});

/** Runs a program on a node; its exit code is of no interest, since what it ends may have ended by itself. */
export const runOnNode = defineUndo({
  args: z.object({ node: z.string(), argv: z.array(z.string()).min(1) }),
  run: async ({ env }, { node, argv }) => {
    await nodeOf(env.session, node).exec(argv, { okExitCodes: ANY_EXIT_CODE, timeoutMs: 30_000 });
  },
});

const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);
