import { isReady, type EndpointSlice, type Pod, type Service, type Workload } from '../../cluster/objects.ts';
import { podsWith, replacePods } from '../../cluster/pods.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import type { RunEnvironment } from '../../ports.ts';
import { servicePorts, usedEndpoints } from '../../../network/index.ts';
import { CLUSTER_IP, DEPLOYMENT, LABELS, NAME, NAMESPACE, PORT, POD_PORT, REPLICAS, SERVICE } from './parts.ts';
import { pathNames } from './paths.ts';
import { answersEverywhere } from './reach.ts';

type Context = CheckContext<object>;

export const checks: readonly Check<object>[] = [
  {
    id: 'P1',
    says: 'The Service cart answers from every machine',
    points: 30,
    kind: 'observing',
    paths: ({ env }) => pathNames(env.session.nodes),
    run: async ({ env }) => answersEverywhere(env),
  },
  {
    id: 'P2',
    says: 'Behind it are the pods of the Deployment cart, all of them and no others, kept up to date by Kubernetes itself',
    points: 20,
    kind: 'observing',
    run: async ({ env }) => endpointsAreThePods(env),
  },
  {
    id: 'P3',
    says: 'The Deployment runs two pods of the same image, which are asked whether they are ready',
    points: 15,
    kind: 'observing',
    run: deploymentIsItself,
  },
  {
    id: 'P4',
    says: 'The Service has the same address and port, and nothing that would hide who is ready',
    points: 15,
    kind: 'observing',
    run: serviceIsItself,
  },
  {
    id: 'P5',
    says: 'A pod that takes the place of another gets calls within 5 s',
    points: 20,
    kind: 'acting',
    run: newPodIsFollowed,
  },
];

async function endpointsAreThePods(env: RunEnvironment): Promise<Finding> {
  const { kube } = env.session;
  const [service, slices, pods] = await Promise.all([
    kube.get<Service>(SERVICE),
    kube.list<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', { namespace: NAMESPACE }),
    cartPods(env),
  ]);
  if (service === undefined) return { ok: false, observed: 'the Service is gone' };
  const [port] = servicePorts([service], slices, 'ipv4').filter((one) => one.protocol === 'tcp' && one.port === PORT);
  const used = (port === undefined ? [] : usedEndpoints(port, 'Cluster', '')).map(
    ({ address, port: number }) => `${address}:${String(number)}`,
  );
  const wanted = pods.filter(isReady).map(({ status }) => `${status?.podIP ?? ''}:${String(POD_PORT)}`);
  const byHand = slices.filter(isOfCart).filter((slice) => slice.metadata.labels?.[MANAGED_BY] !== CONTROLLER);
  if (byHand.length > 0) return { ok: false, observed: `${byHand[0]?.metadata.name ?? ''} was written by hand` };
  const same = wanted.length > 0 && [...used].sort().join() === [...wanted].sort().join();
  const observed = `behind cart: ${used.join(', ') || 'nobody'}; ready pods of its Deployment: ${wanted.join(', ') || 'none'}`;
  return { ok: same, observed };
}

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const CONTROLLER = 'endpointslice-controller.k8s.io';

function isOfCart({ metadata }: EndpointSlice): boolean {
  return metadata.labels?.['kubernetes.io/service-name'] === NAME;
}

/** By owner, not by label: a pod that only wears the labels is somebody else. */
async function cartPods(env: RunEnvironment): Promise<readonly Pod[]> {
  const pods = await podsWith(env.session.kube, NAMESPACE, LABELS);
  return pods.filter(({ metadata }) =>
    (metadata.ownerReferences ?? []).some(({ kind, name }) => kind === 'ReplicaSet' && name.startsWith(`${NAME}-`)),
  );
}

async function deploymentIsItself({ env }: Context): Promise<Finding> {
  const [deployment, pods] = await Promise.all([env.session.kube.get<Workload>(DEPLOYMENT), cartPods(env)]);
  if (deployment === undefined) return { ok: false, observed: `there is no Deployment ${NAME} in ${NAMESPACE}` };
  const [container] = deployment.spec.template.spec.containers;
  const image = env.session.addonContext.toolboxImage;
  const ready = pods.filter(isReady).length;
  const problems = [
    ...(ready === REPLICAS ? [] : [`${String(ready)} of ${String(REPLICAS)} pods are ready`]),
    ...(container?.image === image ? [] : [`the image is ${container?.image ?? 'none'}`]),
    ...(container?.readinessProbe === undefined ? ['nobody asks the pods whether they are ready'] : []),
    ...(pods.some(({ spec }) => spec.hostNetwork === true) ? ['the pods are on the network of their machine'] : []),
  ];
  if (problems.length > 0) return { ok: false, observed: problems.join('; ') };
  return { ok: true, observed: `${String(ready)} pods ready, image as before` };
}

async function serviceIsItself({ env }: Context): Promise<Finding> {
  const service = await env.session.kube.get<Service>(SERVICE);
  if (service === undefined) return { ok: false, observed: 'the Service is gone' };
  const { clusterIP, ports = [], selector, type, publishNotReadyAddresses } = service.spec;
  const isThere = ports.some(({ port, protocol = 'TCP' }) => port === PORT && protocol === 'TCP');
  const problems = [
    ...(clusterIP === CLUSTER_IP ? [] : [`its address is ${clusterIP ?? 'none'}`]),
    ...(isThere ? [] : [`it has no port ${String(PORT)} over TCP`]),
    ...(selector === undefined ? ['it has no selector'] : []),
    ...(type === undefined || type === 'ClusterIP' ? [] : [`it is a ${type}`]),
    ...(publishNotReadyAddresses === true ? ['it also lists pods that are not ready'] : []),
  ];
  if (problems.length > 0) return { ok: false, observed: problems.join('; ') };
  return { ok: true, observed: `${CLUSTER_IP}:${String(PORT)}, with a selector` };
}

/** An own slice, an own rule or a pod without a Deployment does not follow. */
async function newPodIsFollowed({ env }: Context): Promise<Finding> {
  const [pod] = await cartPods(env);
  if (pod === undefined) return { ok: false, observed: 'there is no pod to replace' };
  const [fresh] = await replacePods(env.session, [pod], 30_000);
  return answersEverywhere(env, `${NAMESPACE}/${fresh?.metadata.name ?? ''}`);
}
