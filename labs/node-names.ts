import type { NodeHandle, RunOptions } from '../core/index.ts';

const MARK = '# kubedrill';

/** In place, for Docker mounts the file: it cannot be renamed over. */
const REWRITE = `kept=$(grep -v '${MARK}$' /etc/hosts); { printf '%s\\n' "$kept"; cat; } >/etc/hosts`;

interface Named {
  readonly name: string;
  readonly addresses: NodeHandle['addresses'];
}

/**
 * Writes the names of all machines of the lab to every node's /etc/hosts, in both families. A flushed nat table takes Docker's DNS
 * with it, and kube-proxy then would never find the API server again. Doing it again changes nothing.
 */
export async function writeNodeNames(
  nodes: readonly NodeHandle[],
  machines: readonly Named[],
  options: RunOptions = {},
): Promise<void> {
  const input = hostsLines(machines);
  await Promise.all(nodes.map((node) => node.exec(['sh', '-c', REWRITE], { ...options, input, timeoutMs: 20_000 })));
}

/** Lines of hosts(5), each marked as ours. */
export function hostsLines(machines: readonly Named[]): string {
  return machines
    .flatMap(({ name, addresses }) => [addresses.ipv4, addresses.ipv6].map((address) => ({ name, address })))
    .filter(({ address }) => address !== undefined && address !== '')
    .map(({ name, address }) => `${address ?? ''} ${name} ${MARK}\n`)
    .join('');
}
