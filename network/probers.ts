// Names and ports of the agents that probe; shared by the programs in the lab and the room outside.

/** Where a prober lives: two ordinary pods, a pod on the node's network, the node itself, or outside the cluster. */
export type ProberRole = 'pod-a' | 'pod-b' | 'host' | 'node' | 'ext';

/** The probers that every node has. */
export const NODE_ROLES = ['pod-a', 'pod-b', 'host', 'node'] as const satisfies readonly ProberRole[];

/** Identity of the prober in the keeper container. */
export const OUTSIDE = 'ext';

/** The two that share the node's network need ports of their own, outside the NodePort range. */
export const PROBER_PORTS: Readonly<Record<ProberRole, number>> = {
  'pod-a': 8080,
  'pod-b': 8080,
  host: 19080,
  node: 19081,
  ext: 8080,
};

/** Second port of every pod-b: a NetworkPolicy lets only other pod-b's in, where the lab enforces one. */
export const GUARDED_PORT = 8081;

/** Port of the echo role, e.g. of the shop's `web` pods. */
export const ECHO_PORT = 8080;

/** E.g. `lab-worker/pod-a`; the outside prober is just `ext`. */
export function proberName(node: string, role: ProberRole): string {
  return role === 'ext' ? OUTSIDE : `${node}/${role}`;
}

/** File name of a prober's socket below SOCKET_FOLDER on its node. */
export function proberSocket(role: ProberRole): string {
  return `probe-${role}.sock`;
}

/** True for the name of a prober: it must sign its answers, which other pods' echoes cannot. */
export function isProber(identity: string): boolean {
  return identity === OUTSIDE || /^[^/]+\/(pod-a|pod-b|host|node)$/.test(identity);
}

/** True when `name` matches one of the glob patterns, in which `*` stands for any characters but `/`. */
export function matchesAny(name: string, globs: readonly string[]): boolean {
  return globs.some((glob) => globPattern(glob).test(name));
}

function globPattern(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('[^/]*')}$`);
}
