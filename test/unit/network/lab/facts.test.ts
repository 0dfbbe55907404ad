import type { AddonContext, NodeHandle } from '../../../../core/index.ts';
import { PROBER_LABEL, PROBES_NAMESPACE } from '../../../../network/addon/names.ts';
import { factsOf, type ClusterFacts } from '../../../../network/lab/facts.ts';
import { probersOf } from '../../../../network/lab/prober-refs.ts';

const node = (name: string, ipv4: string): NodeHandle => ({
  name,
  role: 'worker',
  addresses: { ipv4 },
  exec: () => Promise.reject(new Error('not used')),
});
const CORE: AddonContext = {
  labName: 'lab',
  nodeNames: ['cp', 'w1'],
  topology: { controlPlanes: 1, workers: 1 },
  toolboxImage: 'toolbox',
  apiServer: { host: 'cp', port: 6443 },
};
const CONTEXT: AddonContext = { ...CORE, traefikImage: 'traefik' };
const LAB = {
  nodes: [node('cp', '172.18.0.2'), node('w1', '172.18.0.3')],
  keeper: node('lab-keeper', '172.18.0.9'),
  addonContext: CONTEXT,
};

const pod = (
  name: string,
  spec: object,
  ip: string,
  change: { readonly namespace?: string; readonly prober?: string; readonly deleted?: string } = {},
): ClusterFacts['pods'][number] => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: change.namespace ?? PROBES_NAMESPACE,
    ...(change.prober === undefined ? {} : { labels: { [PROBER_LABEL]: change.prober } }),
    ...(change.deleted === undefined ? {} : { deletionTimestamp: change.deleted }),
  },
  spec,
  status: { phase: 'Running', podIPs: [{ ip }] },
});
const service = (namespace: string, name: string, spec: object): ClusterFacts['services'][number] => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec,
});
const CLUSTER: ClusterFacts = {
  pods: [
    pod('pod-a-w1-old', { nodeName: 'w1' }, '10.244.1.2', { prober: 'pod-a', deleted: '2026-01-01T00:00:00Z' }),
    pod('pod-a-w1-new', { nodeName: 'w1' }, '10.244.1.7', { prober: 'pod-a' }),
    pod('host-w1', { nodeName: 'w1', hostNetwork: true }, '172.18.0.3', { prober: 'host' }),
    pod('traefik', { nodeName: 'cp', containers: [{ ports: [{ hostPort: 80 }] }] }, '10.244.0.8', {
      namespace: 'edge',
    }),
  ],
  services: [
    service(PROBES_NAMESPACE, 'all', { clusterIPs: ['10.96.1.1'], ports: [{ port: 80 }] }),
    service(PROBES_NAMESPACE, 'headless', { clusterIPs: ['None'], ports: [{ port: 80 }] }),
    service('kube-system', 'kube-dns', { clusterIPs: ['10.96.0.10'], ports: [{ port: 53 }] }),
    service('default', 'kubernetes', { clusterIPs: ['10.96.0.1'], ports: [{ port: 443 }] }),
    service('shop', 'web', { clusterIPs: ['10.96.7.7'], ports: [{ port: 80, nodePort: 30080 }] }),
  ],
  httpRoutes: undefined,
  ca: 'PEM',
};
const states = probersOf(LAB).map((prober) => ({
  prober,
  state:
    prober.name === 'w1/pod-b'
      ? { why: 'nobody listens' }
      : { identity: prober.name, port: 4000, own: [`own of ${prober.name}`], startedAtMs: 0 },
}));

describe('the facts of a lab', () => {
  const facts = factsOf(LAB, CLUSTER, states);
  const prober = (name: string): unknown => facts.probers.find((one) => one.name === name);

  test("take a pod's address from its living pod, a node's from the bridge", () => {
    expect(prober('w1/pod-a')).toMatchObject({ addresses: ['10.244.1.7'], port: 4000, own: ['own of w1/pod-a'] });
    expect(prober('w1/host')).toMatchObject({ addresses: ['172.18.0.3'] });
    expect(prober('ext')).toMatchObject({ addresses: ['172.18.0.9'], node: '' });
  });

  test('know which probers are down or have no pod', () => {
    expect(prober('w1/pod-b')).toMatchObject({ down: 'nobody listens', addresses: [] });
  });

  test("count as a node's addresses what its own probers read there", () => {
    expect(facts.nodes[1]?.addresses).toEqual(['172.18.0.3', 'own of w1/host', 'own of w1/node']);
  });

  test('know Services, DNS, shop and all pods with addresses of their own', () => {
    expect(facts.services).toEqual({
      all: { clusterIPs: ['10.96.1.1'], port: 80 },
      headless: { clusterIPs: [], port: 80 },
    });
    expect(facts.dnsServer).toBe('10.96.0.10');
    expect(facts.shop).toEqual({ clusterIPs: ['10.96.7.7'], port: 80, nodePort: 30080 });
    expect(facts.podAddresses.map(({ pod: name }) => name)).toContain('edge/traefik');
    expect(facts.podAddresses.map(({ pod: name }) => name)).not.toContain(`${PROBES_NAMESPACE}/host-w1`);
  });

  test('know the API server by its Service and authority, or not at all', () => {
    expect(facts.kubernetes).toEqual({ clusterIPs: ['10.96.0.1'], port: 443, ca: 'PEM' });
    expect(factsOf(LAB, { ...CLUSTER, ca: undefined }, states).kubernetes).toBeUndefined();
  });

  test('know an address of the Services that nobody has', () => {
    expect(facts.unusedServiceAddress).toBe('10.96.0.250');
    const taken = service('shop', 'late', { clusterIPs: ['10.96.0.250'], ports: [{ port: 1 }] });
    const crowded = { ...CLUSTER, services: [...CLUSTER.services, taken] };
    expect(factsOf(LAB, crowded, states).unusedServiceAddress).toBe('10.96.0.249');
  });

  test("know the shop's HTTPRoutes, or why there are none", () => {
    const route = (spec: object): NonNullable<ClusterFacts['httpRoutes']>[number] => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'web', namespace: 'shop' },
      spec,
    });
    const rules = [{ matches: [{ path: { type: 'PathPrefix', value: '/api' } }], backendRefs: [{ name: 'web' }] }];
    const routesIn = (httpRoutes: ClusterFacts['httpRoutes']): unknown =>
      factsOf(LAB, { ...CLUSTER, httpRoutes }, states).routes;
    expect(routesIn(undefined)).toEqual({ absent: 'this lab has no Gateway API' });
    expect(routesIn([])).toEqual({ absent: 'no HTTPRoute leads to the shop' });
    expect(routesIn([route({ hostnames: ['*.lab.test', 'gw.lab.test'], rules })])).toEqual([
      { name: 'shop/web', host: 'gw.lab.test', path: '/api', answerers: ['shop/web-*'] },
    ]);
  });

  test('know load balancers that gave an address, or why there are none', () => {
    const balanced = (status: object): ClusterFacts => ({
      ...CLUSTER,
      services: [
        {
          ...service('shop', 'edge', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [{ port: 80 }] }),
          status,
        },
      ],
    });
    expect(facts.loadBalancers).toEqual({ absent: 'no Service of this lab asks for a load balancer' });
    expect(factsOf(LAB, balanced({}), states).loadBalancers).toEqual({
      absent: 'no load balancer has given an address to edge',
    });
    const given = balanced({ loadBalancer: { ingress: [{ ip: '172.18.0.240' }] } });
    expect(factsOf(LAB, given, states).loadBalancers).toEqual([
      { name: 'shop/edge', addresses: ['172.18.0.240'], port: 80, keepsSource: true, answerers: ['shop/*'] },
    ]);
  });

  test('find the front door where a pod has host port 80', () => {
    expect(facts.frontDoor).toEqual({ node: 'cp', addresses: ['172.18.0.2'] });
  });

  test('expect the front door at its place when its pod is gone, and none in a lab without ingress', () => {
    const gone = { ...CLUSTER, pods: CLUSTER.pods.filter(({ metadata }) => metadata.name !== 'traefik') };
    expect(factsOf(LAB, gone, states).frontDoor).toEqual({ node: 'w1', addresses: ['172.18.0.3'] });
    expect(factsOf({ ...LAB, addonContext: CORE }, CLUSTER, states).frontDoor).toEqual({
      absent: 'this lab has no ingress add-on',
    });
  });
});
