import { done, notYet, waitFor } from '../../../core/index.ts';
import { isReady, refTo, type Workload } from '../../cluster/objects.ts';
import { podsWith } from '../../cluster/pods.ts';
import type { RunContext } from '../../define.ts';
import { createObject, mustGet } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import { toJson, type Json } from '../../json.ts';
import type { RunEnvironment } from '../../ports.ts';
import { bookPod, readBook, writing } from './book.ts';
import type { SplitParameters } from './parameters.ts';
import {
  BOOK,
  bookDeployment,
  bookService,
  BOOK_DEPLOYMENT,
  MEMBERS,
  NAMESPACE,
  STOCK,
  stockSet,
  STOCK_SET,
  TILL,
  tillDeployment,
  TILL_DEPLOYMENT,
} from './parts.ts';

/** Facts of the journal. */
export const NODE_UID_FACT = 'node.uid';
export const BOOK_UID_FACT = 'book.uid';
export const SPECS_FACT = 'workloads.specs';

const READY_MS = 60_000;
const JUST_NOW_MS = 1_000;

export function setup(context: RunContext<SplitParameters>): readonly RunStep[] {
  return [
    createObject('create the Service book', bookService()),
    createObject('create the Deployment book', bookDeployment(context)),
    createObject('create the Deployment till', tillDeployment(context)),
    createObject('create the StatefulSet stock', stockSet(context)),
    writersWrite(context.parameters),
    remember(context.parameters),
  ];
}

/** Every role writes, the till and one member of stock on the machine that is meant. */
function writersWrite({ victim }: SplitParameters): RunStep {
  return {
    title: 'wait until orders are written',
    undo: async () => [],
    run: async ({ env, detail }) => {
      await waitFor(
        async () => {
          const pods = (
            await Promise.all([BOOK, TILL, STOCK].map((app) => podsWith(env.session.kube, NAMESPACE, { app })))
          ).flat();
          const unready = pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name);
          if (pods.length !== 2 + MEMBERS.length || unready.length > 0)
            return notYet(`not ready: ${unready.join(', ')}`);
          const there = pods.filter(({ spec }) => spec.nodeName === victim).map(({ metadata }) => metadata.name);
          if (there.length !== 2) return notYet(`on ${victim}: ${there.join(', ') || 'nobody'}`);
          const book = await readBook(env);
          const silent = [TILL, ...MEMBERS].filter((role) => writing(book, role, JUST_NOW_MS).length !== 1);
          return silent.length === 0 ? done(undefined) : notYet(`${silent.join(', ')} do not write`);
        },
        { what: 'orders', timeoutMs: READY_MS, clock: env.session.clock, onObserve: detail },
      );
    },
  };
}

function remember({ victim }: SplitParameters): RunStep {
  return {
    title: 'note who is who',
    undo: async () => [],
    run: async ({ env, record }) => {
      const node = await mustGet(env, refTo('v1', 'Node', victim));
      await record(NODE_UID_FACT, node.metadata.uid ?? '');
      await record(BOOK_UID_FACT, (await bookPod(env))?.metadata.uid ?? '');
      await record(SPECS_FACT, await specsOf(env));
    },
  };
}

/** The specs of the three workloads; null for one that is gone. */
export async function specsOf({ session }: RunEnvironment): Promise<Json> {
  const refs = [TILL_DEPLOYMENT, STOCK_SET, BOOK_DEPLOYMENT];
  const live = await Promise.all(refs.map((ref) => session.kube.get<Workload>(ref)));
  return toJson(live.map((workload) => workload?.spec ?? null));
}
