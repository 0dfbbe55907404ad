import { z } from 'zod';
import { done, KubedrillError, notYet, waitFor, type KubeObject, type NodeHandle } from '../../../core/index.ts';
import { nodeFitness } from '../../cluster/node-fitness.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { refOf } from '../../cluster/objects.ts';
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

/** A kubelet that was out of touch has tried ever more rarely. */
const REJOIN_MS = 90_000;

/**
 * Waits until a node is Ready and free of the taints that the cluster gives to nodes that it has lost. Where its object is gone, makes it again
 * with the addresses for its pods that it had: a kubelet that registered anew would be given others.
 */
export const rejoinNode = defineUndo({
  args: z.object({ object: z.looseObject({ metadata: z.looseObject({ name: z.string() }) }), uid: z.string() }),
  run: async ({ env }, { object, uid }) => {
    const { kube } = env.session;
    const saved = object as unknown as KubeObject;
    const { name } = saved.metadata;
    const live = (await kube.get(refOf(saved))) ?? (await kube.create(saved));
    // What hung on the former object went with it, and the kubelet makes it again when it starts.
    if (live.metadata.uid !== uid) await restartKubelet(nodeOf(env.session, name));
    await waitFor(
      async () => {
        const { ready, lostTaints } = await nodeFitness(env, name);
        return ready === 'True' && lostTaints.length === 0
          ? done(undefined)
          : notYet(`Ready is ${ready}; ${lostTaints.join(', ')}`);
      },
      { what: `the node ${name} to come back`, timeoutMs: REJOIN_MS, clock: env.session.clock },
    );
  },
});

async function restartKubelet(node: NodeHandle): Promise<void> {
  await node.exec(['systemctl', 'restart', 'kubelet'], { timeoutMs: 60_000 });
}
