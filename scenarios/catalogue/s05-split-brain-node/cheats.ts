import { done, notYet, waitFor } from '../../../core/index.ts';
import { asManifest, refTo, type Pod } from '../../cluster/objects.ts';
import { deletePods, podsWith } from '../../cluster/pods.ts';
import type { Cheat, PlayContext } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import { atOnce, readBook } from './book.ts';
import type { SplitParameters } from './parameters.ts';
import { MEMBERS, NAMESPACE, STOCK } from './parts.ts';
import { openPort } from './repair.ts';

type Context = PlayContext<SplitParameters>;

export const cheats: readonly Cheat<SplitParameters>[] = [
  {
    name: 'taints-by-hand',
    says: 'the taints taken off by hand while the port stays closed',
    seenBy: ['P1', 'P2'],
    run: async ({ env, parameters }) => {
      const node = refTo('v1', 'Node', parameters.victim);
      await env.session.kube.patch(node, 'merge', { spec: { taints: null } });
    },
  },
  {
    name: 'node-made-again',
    says: 'the Node object deleted and made again, then the port opened',
    seenBy: ['P1'],
    run: async (context) => {
      const { kube } = context.env.session;
      const node = await mustGet(context.env, refTo('v1', 'Node', context.parameters.victim));
      await kube.delete(refTo('v1', 'Node', context.parameters.victim));
      await kube.create(asManifest(node));
      await openPort(context);
    },
  },
  {
    name: 'force-delete',
    says: 'the machine’s member of stock deleted by force while it still runs, so that a second one begins elsewhere',
    seenBy: ['P4'],
    run: async (context) => {
      await deleteByForce(context);
      await openPort(context);
    },
  },
];

/** Waits until the book has two of it, which takes a new pod and some orders. */
async function deleteByForce({ env, parameters }: Context): Promise<void> {
  const pods = await podsWith(env.session.kube, NAMESPACE, { app: STOCK });
  const there = pods.filter(({ spec }: Pod) => spec.nodeName === parameters.victim);
  await deletePods(env.session.kube, there, 0);
  await waitFor(
    async () => {
      const book = await readBook(env);
      return MEMBERS.some((role) => atOnce(book, role).length > 0) ? done(undefined) : notYet('nobody is there twice');
    },
    { what: 'a member of stock to be there twice', timeoutMs: 60_000, clock: env.session.clock },
  );
}
