import type { Pod } from '../../cluster/objects.ts';
import { nodeFitness } from '../../cluster/node-fitness.ts';
import type { Finding } from '../../define.ts';
import type { RunEnvironment } from '../../ports.ts';
import { readBook, writing } from './book.ts';
import { MEMBERS, NAMESPACE, TILL } from './parts.ts';

/** A second till may not have written for so long. */
const ALONE_MS = 10_000;

/** The node has no taint that the cluster gave it, no pod of the shop is on its way out, and each role has one writer. */
export async function oneTruth(env: RunEnvironment, victim: string): Promise<Finding> {
  const [{ lostTaints }, pods, book] = await Promise.all([
    nodeFitness(env, victim),
    env.session.kube.list<Pod>('v1', 'Pod', { namespace: NAMESPACE }),
    readBook(env),
  ]);
  const going = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const wrong = [TILL, ...MEMBERS].filter((role) => writing(book, role, ALONE_MS).length !== 1);
  const problems = [
    ...lostTaints.map((taint) => `${victim} has the taint ${taint}`),
    ...going.map(({ metadata }) => `${metadata.name} is on its way out`),
    ...wrong.map((role) => `${role}: ${String(writing(book, role, ALONE_MS).length)} wrote in the last 10 s`),
  ];
  if (problems.length > 0) return { ok: false, observed: problems.join('; ') };
  return { ok: true, observed: 'one till and one of each member of stock wrote in the last 10 s' };
}
