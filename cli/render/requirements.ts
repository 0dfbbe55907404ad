import type { RequirementName } from '../../network/index.ts';

/** What each verdict of the matrix is about, in one sentence. */
export const REQUIREMENTS: Readonly<Record<RequirementName, string>> = {
  R1: 'every Service and pod can talk to every other',
  R2: 'every node can talk to every node, and to every pod and Service',
  R3: 'addresses are global: what a pod has for itself is what others see',
  ingress: 'the front door leads to the shop',
  dns: 'names resolve',
  policy: 'network policies deny what they should, and nothing else',
  egress: 'what is outside is reached from a node address',
  negatives: 'what must fail fails in the right way',
};
