import { LOCAL_NODE_PORT, NODE_PORT, SERVICES, serviceOn } from '../../network/addon/names.ts';
import type { LabFacts, ProberFacts, ServiceFacts } from '../../network/lab/facts.ts';
import { NODE_ROLES, OUTSIDE, PROBER_PORTS, proberName } from '../../network/probers.ts';

/** Facts of a healthy lab with so many nodes: node N has 172.18.0.N+1 on the bridge, and pods in 10.244.N.0/24. */
export function labFactsOf(nodes: readonly string[], options: { readonly ipv6?: 'bridge' } = {}): LabFacts {
  const ipv6 = (index: number): string | undefined =>
    options.ipv6 === undefined ? undefined : `fd00::${String(index + 2)}`;
  const bridge = nodes.map((_, index) => {
    const second = ipv6(index);
    return { ipv4: `172.18.0.${String(index + 2)}`, ...(second === undefined ? {} : { ipv6: second }) };
  });
  return {
    nodes: nodes.map((name, index) => ({
      name,
      bridge: bridge[index] ?? { ipv4: '' },
      addresses: [...Object.values(bridge[index] ?? {}), `10.244.${String(index)}.1`],
    })),
    keeper: { name: 'lab-keeper', addresses: ['172.18.0.200'] },
    probers: [
      ...nodes.flatMap((node, index) =>
        NODE_ROLES.map((role) => proberOf(node, index, role, Object.values(bridge[index] ?? {}))),
      ),
      {
        name: OUTSIDE,
        node: '',
        role: 'ext',
        addresses: ['172.18.0.200', ...(options.ipv6 === undefined ? [] : ['fd00::200'])],
        own: ['172.18.0.200'],
        port: 8080,
      },
    ],
    services: servicesOf(nodes),
    podAddresses: nodes.flatMap((node, index) => [
      { pod: `kubedrill-probes/pod-a-${node}`, address: `10.244.${String(index)}.2` },
      { pod: `kubedrill-probes/pod-b-${node}`, address: `10.244.${String(index)}.3` },
    ]),
    dnsServer: '10.96.0.10',
    kubernetes: { clusterIPs: ['10.96.0.1'], port: 443, ca: 'PEM' },
    unusedServiceAddress: '10.96.0.250',
    shop: { clusterIPs: ['10.96.7.7'], port: 80, nodePort: 30080 },
    routes: [{ name: 'shop/web', host: 'gw.lab.test', path: '/', answerers: ['shop/web-*'] }],
    loadBalancers: [
      { name: 'shop/web', addresses: ['172.18.0.240'], port: 80, keepsSource: false, answerers: ['shop/*'] },
    ],
    frontDoor: { node: nodes.at(-1) ?? '', addresses: [bridge.at(-1)?.ipv4 ?? ''] },
  };
}

function proberOf(
  node: string,
  index: number,
  role: (typeof NODE_ROLES)[number],
  bridge: readonly string[],
): ProberFacts {
  const pod = { 'pod-a': `10.244.${String(index)}.2`, 'pod-b': `10.244.${String(index)}.3`, host: '', node: '' }[role];
  const addresses = pod === '' ? bridge : [pod];
  return { name: proberName(node, role), node, role, addresses, own: addresses, port: PROBER_PORTS[role] };
}

function servicesOf(nodes: readonly string[]): Readonly<Record<string, ServiceFacts>> {
  return {
    [SERVICES.all]: { clusterIPs: ['10.96.1.1'], port: 80 },
    [SERVICES.headless]: { clusterIPs: [], port: 80 },
    [SERVICES.nodePort]: { clusterIPs: ['10.96.1.2'], port: 80, nodePort: NODE_PORT },
    [SERVICES.local]: { clusterIPs: ['10.96.1.4'], port: 80, nodePort: LOCAL_NODE_PORT },
    [SERVICES.void]: { clusterIPs: ['10.96.1.3'], port: 80 },
    ...Object.fromEntries(
      nodes.map((node, index) => [serviceOn(node), { clusterIPs: [`10.96.2.${String(index + 1)}`], port: 80 }]),
    ),
  };
}
