import type { NodeHandle } from '../../core/index.ts';
import type { EndpointSlice } from '../cluster/objects.ts';
import type { Finding } from '../define.ts';
import type { RunEnvironment } from '../ports.ts';

/** Where the rules of a node lead the calls to Services. */
interface NodeTargets {
  readonly node: string;
  readonly addresses: readonly string[];
}

/**
 * On every node the rules lead to exactly the endpoints that there are: no address of a dead pod, and each one that is ready. Read
 * from the DNAT rules of `KUBE-SEP-*`, which is what a packet meets.
 */
export async function rulesFollowEndpoints(env: RunEnvironment): Promise<Finding> {
  const [slices, ...targets] = await Promise.all([
    env.session.kube.list<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice'),
    ...env.session.nodes.map(targetsOf),
  ]);
  const wanted = readyAddresses(slices);
  const wrong = targets.flatMap(({ node, addresses }) => {
    const dead = addresses.filter((address) => !wanted.alive.has(address));
    const missing = [...wanted.inShop].filter((address) => !addresses.includes(address));
    return [
      ...(dead.length === 0 ? [] : [`${node} still leads to ${dead.join(', ')}`]),
      ...(missing.length === 0 ? [] : [`${node} does not lead to ${missing.join(', ')}`]),
    ];
  });
  if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
  return { ok: true, observed: `${String(targets.length)} nodes lead to the endpoints that there are` };
}

async function targetsOf(node: NodeHandle): Promise<NodeTargets> {
  const { stdout } = await node.exec(['iptables-save', '-t', 'nat']);
  return { node: node.name, addresses: endpointTargets(stdout) };
}

/** Addresses (without ports) to which the KUBE-SEP chains of an iptables-save text lead. */
export function endpointTargets(saveText: string): readonly string[] {
  const targets = saveText.matchAll(/^-A KUBE-SEP-\S+ .*-j DNAT --to-destination (\S+):\d+/gm);
  return [...new Set([...targets].flatMap(([, address]) => (address === undefined ? [] : [address])))].sort();
}

function readyAddresses(slices: readonly EndpointSlice[]): {
  readonly alive: Set<string>;
  readonly inShop: Set<string>;
} {
  const alive = new Set<string>();
  const inShop = new Set<string>();
  for (const slice of slices) {
    for (const endpoint of slice.endpoints ?? []) {
      for (const address of endpoint.addresses) {
        alive.add(address);
        const counts =
          slice.metadata.namespace === 'shop' && slice.metadata.labels?.['kubernetes.io/service-name'] === 'web';
        if (counts && endpoint.conditions?.ready !== false) inShop.add(address);
      }
    }
  }
  return { alive, inShop };
}
