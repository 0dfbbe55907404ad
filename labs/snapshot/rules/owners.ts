import { isProxyChain } from '../../../network/index.ts';

/**
 * Who keeps a chain, which decides what may change by itself and who can put it back:
 * - `builtin`: several owners put their jumps into it, in an order that follows their restarts;
 * - `canary`: only there to be missed when somebody flushes; comes and goes;
 * - `kube-proxy`: rewritten by its next full sync;
 * - `host-port`: the CNI's one list of jumps, one per pod with a hostPort;
 * - `per-pod`: made and removed with one pod by the CNI;
 * - `static`: written once (Docker, the CNI daemon, kubelet), or nobody's.
 */
export type Owner = 'builtin' | 'canary' | 'kube-proxy' | 'host-port' | 'per-pod' | 'static';

const BUILTIN = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

export function ownerOf(chain: string): Owner {
  if (BUILTIN.has(chain)) return 'builtin';
  if (/^KUBE-.*-CANARY$/.test(chain)) return 'canary';
  if (isProxyChain(chain)) return 'kube-proxy';
  if (chain === 'CNI-HOSTPORT-DNAT') return 'host-port';
  if (/^CNI-(DN-)?[0-9a-f]{5,}$/.test(chain)) return 'per-pod';
  return 'static';
}

/** Chains that the CNI makes on a node for its first pod with a host port, and keeps. */
export function isHostPortList(chain: string): boolean {
  return chain.startsWith('CNI-HOSTPORT-');
}

/** Jumps that their owners put back at the top or the end of a built-in chain whenever they miss them. */
export function isOwnersJump(target: string | undefined): boolean {
  if (target === undefined) return false;
  return ownerOf(target) !== 'static' || /^(KUBE-FIREWALL|FLANNEL-\w+|CNI-HOSTPORT-\w+|DOCKER_\w+)$/.test(target);
}

/** The sandbox for which the CNI wrote a rule, from its comment `… id: "…"`. */
export function sandboxOf(rule: string): string | undefined {
  return /id: \\?"([0-9a-f]{12,})\\?"/.exec(rule)?.[1];
}

/** Whether a canonical line (`chain NAME` or `-A NAME …`) is of a chain that kube-proxy writes. */
export function isKubeProxyLine(line: string): boolean {
  const chain = /^(?:chain|-A) ([^\s(]+)/.exec(line)?.[1] ?? '';
  return chain === 'KUBE-SEP' || ownerOf(chain) === 'kube-proxy';
}
