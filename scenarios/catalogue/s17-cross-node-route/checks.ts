import { rowsWork } from '../../checks/matrix-rows.ts';
import { networkAsBefore, unitsAsBefore } from '../../checks/tables.ts';
import { restartFlannel } from '../../cluster/flannel.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import { PERIOD_S } from './causes.ts';
import type { RouteParameters } from './parameters.ts';
import { pairPathNames } from './paths.ts';

type Context = CheckContext<RouteParameters>;

/** Pods and nodes to pods, near and far, and Services in front of them. */
const ROWS = ['M1', 'M2', 'M3', 'M4', 'M6'];
const RESTART_MS = 40_000;

export const checks: readonly Check<RouteParameters>[] = [
  {
    id: 'P1',
    says: 'Pods reach the pods of every machine and the Services in front of them, over TCP and UDP, under their own addresses',
    points: 45,
    kind: 'observing',
    paths: ({ parameters }) => pairPathNames(parameters),
    run: async (context) => rowsWork(await context.matrix(), { rows: ROWS }),
  },
  {
    id: 'P2',
    says: 'Routes, routing rules, packet rules and network settings of every machine are as before: none missing, none of your own',
    points: 15,
    kind: 'observing',
    run: (context) => networkAsBefore(context),
  },
  {
    id: 'P5',
    says: 'No unit of systemd is left that was not there before',
    points: 10,
    kind: 'observing',
    run: (context) => unitsAsBefore(context),
  },
  {
    id: 'P4',
    says: 'It survives a restart of the pods that keep the pod network',
    points: 15,
    kind: 'acting',
    run: survivesRestart,
  },
  {
    id: 'P3',
    says: `Everything is still so ${String(2 * PERIOD_S)} s later`,
    points: 15,
    kind: 'acting',
    run: staysSo,
  },
];

async function survivesRestart({ env }: Context): Promise<Finding> {
  await restartFlannel(env, undefined, RESTART_MS);
  return rowsWork(await env.network.matrix(ROWS), { rows: ROWS });
}

/** Long enough for whatever comes back by itself to have come back. */
async function staysSo(context: Context): Promise<Finding> {
  const { session, labs, network } = context.env;
  await session.clock.sleep(2 * PERIOD_S * 1000, session.signal);
  const rows = rowsWork(await network.matrix(ROWS), { rows: ROWS });
  return rows.ok ? networkAsBefore({ ...context, now: () => labs.takeSnapshot() }) : rows;
}
