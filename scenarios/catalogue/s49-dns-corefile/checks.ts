import { rowsWork } from '../../checks/matrix-rows.ts';
import { coreDnsReplicas, outsideName, resolversKnow } from '../../checks/resolvers.ts';
import { rightsAreNoWider } from '../../checks/rights.ts';
import { refTo, type Service } from '../../cluster/objects.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import { clientsAskAsBefore } from './clients.ts';
import { corefileIsWhole } from './corefile.ts';
import type { CorefileParameters } from './parameters.ts';
import { CLUSTER_NAMES, OUTSIDE_NAMES } from './paths.ts';
import { dnsIsItself } from './replicas.ts';
import { survivesRestarts } from './restarts.ts';

type Context = CheckContext<CorefileParameters>;

const DNS_RIGHTS = { role: 'system:coredns', serviceAccount: { namespace: 'kube-system', name: 'coredns' } };

export const checks: readonly Check<CorefileParameters>[] = [
  {
    id: 'P1',
    says: 'Names of the cluster resolve on every machine, and every replica of CoreDNS knows them',
    points: 30,
    kind: 'observing',
    paths: () => [CLUSTER_NAMES],
    run: clusterNames,
  },
  {
    id: 'P3',
    says: 'Names from outside the cluster resolve on every machine, and every replica of CoreDNS knows them',
    points: 15,
    kind: 'observing',
    paths: () => [OUTSIDE_NAMES],
    run: outsideNames,
  },
  {
    id: 'P4',
    says: 'The configuration does all that it did, and invents no answers',
    points: 10,
    kind: 'observing',
    run: ({ env }) => corefileIsWhole(env),
  },
  {
    id: 'P5',
    says: 'Two replicas of the same image run with no less memory, behind a Service at the same address',
    points: 10,
    kind: 'observing',
    run: dnsIsItself,
  },
  {
    id: 'P6',
    says: 'Nobody may do more than before',
    points: 10,
    kind: 'observing',
    run: (context) => rightsAreNoWider(context, DNS_RIGHTS),
  },
  {
    id: 'P7',
    says: 'Those who ask for names ask as before',
    points: 5,
    kind: 'observing',
    run: clientsAskAsBefore,
  },
  {
    id: 'P2',
    says: 'Each replica can be restarted without names failing for more than a second, and knows a Service that is new',
    points: 20,
    kind: 'acting',
    run: survivesRestarts,
  },
];

async function clusterNames(context: Context): Promise<Finding> {
  const rows = rowsWork(await context.matrix(), { rows: ['M12'] });
  if (!rows.ok) return rows;
  const { env } = context;
  const web = await mustGet<Service>(env, refTo('v1', 'Service', 'web', 'shop'));
  const known = { name: 'web.shop.svc.cluster.local', address: web.spec.clusterIP ?? '' };
  const replicas = await resolversKnow(await coreDnsReplicas(env), [known]);
  return { ok: replicas.ok, observed: `${rows.observed}; ${replicas.observed}` };
}

async function outsideNames(context: Context): Promise<Finding> {
  const rows = rowsWork(await context.matrix(), { rows: ['M12-external'] });
  if (!rows.ok) return rows;
  const replicas = await resolversKnow(await coreDnsReplicas(context.env), [outsideName(context.env)]);
  return { ok: replicas.ok, observed: `${rows.observed}; ${replicas.observed}` };
}
