import type { VariantSummary } from '../../types.ts';

/** What a seed decides. */
export interface IntrusionParameters {
  /** Which of the shop's web pods, counted by name. */
  readonly podIndex: number;
  readonly shell: 'sh' | 'bash';
  /** Whether the intruder leaves a file behind in the container. */
  readonly leavesFile: boolean;
}

export type Entry = 'stolen-token' | 'over-bound-user' | 'ephemeral-container' | 'reverse-shell' | 'runtime-exec';

export const variants: readonly (VariantSummary & { readonly id: Entry })[] = [
  { id: 'stolen-token', title: 'exec with the stolen token of a ServiceAccount' },
  { id: 'over-bound-user', title: 'exec as a user whose group is bound too widely' },
  { id: 'ephemeral-container', title: 'a debug container with a terminal, attached to' },
  {
    id: 'reverse-shell',
    title: 'a reverse shell out of the web process, without a terminal',
    unavailable: 'no program of the shop can be talked into calling out yet; the alert that it needs is there',
  },
  { id: 'runtime-exec', title: 'an exec by the container runtime, on the node itself' },
];

/** Facts that the steps record. */
export const FACTS = {
  pod: 'pod',
  uid: 'pod-uid',
  node: 'pod-node',
  image: 'pod-image',
  containerId: 'pod-container-id',
  /** Kubeconfig of the intruder, as used from the lab's network. */
  intruder: 'intruder',
  intruderFromHost: 'intruder-from-host',
} as const;

/** What the steps make in namespace shop. */
export const NAMES = {
  serviceAccount: 'ci',
  tokenSecret: 'ci-token',
  deployer: 'ci-deploy',
  onCall: 'oncall-exec',
  contractors: 'contractors-debug',
  debugContainer: 'debugger',
  onCallGroup: 'oncall',
  contractorGroup: 'contractors',
  user: 'mallory',
} as const;

/** Who the API server takes the intruder for; nobody where the session did not pass it. */
export function userOf(entry: string): string {
  if (entry === 'stolen-token') return `system:serviceaccount:shop:${NAMES.serviceAccount}`;
  return entry === 'runtime-exec' ? 'none' : NAMES.user;
}

export function containerOf(entry: string): string {
  return entry === 'ephemeral-container' ? NAMES.debugContainer : 'web';
}
