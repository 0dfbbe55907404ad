import { DNS_DEPLOYMENT, DNS_SERVICE, dnsReplicas } from '../../cluster/coredns.ts';
import { isReady, type Container, type Service, type Workload } from '../../cluster/objects.ts';
import { pictured } from '../../cluster/pictured.ts';
import type { CheckContext, Finding } from '../../define.ts';

/** Deployment and Service of DNS are what they were, or better. */
export async function dnsIsItself(context: CheckContext<object>): Promise<Finding> {
  const { kube } = context.env.session;
  const [before, deployment, service, pods] = await Promise.all([
    context.before(),
    kube.get<Workload>(DNS_DEPLOYMENT),
    kube.get<Service>(DNS_SERVICE),
    dnsReplicas(context.env),
  ]);
  if (deployment === undefined) return { ok: false, observed: 'the Deployment coredns is gone' };
  if (service === undefined) return { ok: false, observed: 'the Service kube-dns is gone' };
  const ready = pods.filter(isReady).length;
  const wanted = pictured<Workload>(before, DNS_DEPLOYMENT)?.spec.replicas ?? 1;
  const problems = [
    ...(ready >= wanted && ready === pods.length && deployment.spec.replicas === ready
      ? []
      : [`${String(ready)} of ${String(deployment.spec.replicas)} replicas are ready, ${String(wanted)} are wanted`]),
    ...containerProblems(pictured<Workload>(before, DNS_DEPLOYMENT), deployment),
    ...serviceProblems(pictured<Service>(before, DNS_SERVICE), service),
  ];
  if (problems.length > 0) return { ok: false, observed: problems.join('; ') };
  return { ok: true, observed: `${String(ready)} replicas ready, image, memory and Service as before` };
}

function containerProblems(before: Workload | undefined, now: Workload): readonly string[] {
  const [was] = before?.spec.template.spec.containers ?? [];
  const [is] = now.spec.template.spec.containers;
  const less = (['requests', 'limits'] as const).filter((bound) => memoryOf(is, bound) < memoryOf(was, bound));
  return [
    ...(is?.image === was?.image ? [] : [`the image is ${is?.image ?? 'none'}`]),
    ...less.map((bound) => `there is less memory in its ${bound} than before`),
    ...(is?.readinessProbe === undefined ? ['nobody asks the replicas whether they are ready'] : []),
  ];
}

function serviceProblems(was: Service | undefined, { spec }: Service): readonly string[] {
  const isThere = (protocol: string): boolean =>
    (spec.ports ?? []).some((one) => one.port === 53 && (one.protocol ?? 'TCP') === protocol);
  const missing = ['UDP', 'TCP'].filter((protocol) => !isThere(protocol));
  return [
    ...(spec.clusterIP === was?.spec.clusterIP ? [] : [`the Service’s address is ${spec.clusterIP ?? 'none'}`]),
    ...missing.map((protocol) => `the Service has no port 53 over ${protocol}`),
    ...(Object.keys(spec.selector ?? {}).length > 0 ? [] : ['the Service has no selector']),
    ...(spec.publishNotReadyAddresses === true ? ['the Service also lists replicas that are not ready'] : []),
  ];
}

/** In bytes; without a limit there is no end of it, without a request none is kept. */
function memoryOf(container: Container | undefined, bound: 'requests' | 'limits'): number {
  const text = container?.resources?.[bound]?.['memory'];
  if (text === undefined) return bound === 'limits' ? Number.POSITIVE_INFINITY : 0;
  const [, value = '0', unit = ''] = /^([\d.]+)(\w*)$/.exec(text) ?? [];
  return Number(value) * (UNITS[unit] ?? 1);
}

const UNITS: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};
