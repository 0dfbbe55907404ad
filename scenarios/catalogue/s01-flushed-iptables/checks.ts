import { canaryServiceFollows } from '../../checks/canary-service.ts';
import { rowsWork } from '../../checks/matrix-rows.ts';
import { coreDnsReplicas, outsideName, ownResolver, resolversKnow } from '../../checks/resolvers.ts';
import { packetRulesAsBefore } from '../../checks/tables.ts';
import { restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { refTo } from '../../cluster/objects.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { cardIsRight, nodeIsNamed } from './card.ts';
import type { FlushParameters } from './parameters.ts';

type Context = CheckContext<FlushParameters>;

const RESTART_MS = 30_000;

export const checks: readonly Check<FlushParameters>[] = [
  {
    id: 'P1',
    says: 'Services answer from the machine and on its NodePort, and it still takes pods',
    points: 25,
    kind: 'observing',
    paths: ({ parameters: { victim } }) => [`o.svc@${victim}`, `o.np@${victim}`],
    run: servicesWork,
  },
  {
    id: 'P2',
    says: 'The machine resolves names, and so does every CoreDNS replica for names outside the cluster',
    points: 15,
    kind: 'observing',
    run: namesResolve,
  },
  {
    id: 'P3',
    says: 'The front door answers for app.lab.test',
    points: 10,
    kind: 'observing',
    paths: () => ['o.ing'],
    run: frontDoorAnswers,
  },
  {
    id: 'P5',
    says: 'The packet rules of every machine are as before: none missing, none of your own',
    points: 15,
    kind: 'observing',
    run: (context) => packetRulesAsBefore(context),
  },
  {
    id: 'P7',
    says: 'The machine is named in the answers',
    points: 5,
    kind: 'observing',
    run: async (context) => nodeIsNamed(context),
  },
  {
    id: 'P8',
    says: 'The prediction card agrees with what was measured',
    points: 5,
    kind: 'observing',
    weight: 'counts',
    run: cardIsRight,
  },
  {
    id: 'P6',
    says: 'A Service created now works on the machine within 5 s, and is gone within 5 s of its deletion',
    points: 10,
    kind: 'acting',
    run: (context) => canaryServiceFollows(context, [nodeOf(context.env.session, context.parameters.victim)]),
  },
  {
    id: 'P4',
    says: 'The machine’s kube-proxy survives its own restart',
    points: 15,
    kind: 'acting',
    run: proxySurvivesRestart,
  },
];

async function servicesWork(context: Context): Promise<Finding> {
  const { victim } = context.parameters;
  const node = await mustGet(context.env, refTo('v1', 'Node', victim));
  const { unschedulable } = node['spec'] as { readonly unschedulable?: boolean };
  if (unschedulable === true) return { ok: false, observed: `${victim} is cordoned` };
  return rowsWork(await context.matrix(), { rows: ['M6', 'M8', 'M9'], at: victim });
}

/** Asked for a name that only Docker's resolver knows, which the machine reaches by the rules that the flush took. */
async function namesResolve({ env, parameters }: Context): Promise<Finding> {
  const own = await ownResolver(nodeOf(env.session, parameters.victim));
  return resolversKnow([own, ...(await coreDnsReplicas(env))], [outsideName(env)]);
}

async function frontDoorAnswers(context: Context): Promise<Finding> {
  const verdict = (await context.matrix()).requirements.ingress;
  if (!verdict) return { ok: false, observed: 'the front door was not measured' };
  return { ok: verdict.ok, observed: verdict.ok ? `${String(verdict.cells)} cells work` : verdict.failed.join('; ') };
}

async function proxySurvivesRestart({ env, parameters }: Context): Promise<Finding> {
  const [pod] = await restartKubeProxy(env, parameters.victim, RESTART_MS);
  const name = pod?.metadata.name ?? '';
  const log = await env.session.kube.podLog({ namespace: 'kube-system', name, tailLines: 200 });
  const lookup = log.split('\n').find((line) => line.includes('lookup '));
  if (lookup !== undefined) return { ok: false, observed: `its log says: ${lookup.slice(0, 160)}` };
  return { ok: true, observed: `${name} wrote its rules` };
}
