import type { Proof, Scenario } from './define.ts';

/** Where a challenge lives; its modules are loaded when they are needed. */
export interface RegistryEntry {
  readonly id: string;
  readonly slug: string;
  /** Below scenarios/catalogue. */
  readonly folder: string;
  scenario(): Promise<Scenario>;
  proof(): Promise<Proof>;
}

/** Every challenge, in the order of the catalogue. To add one: its folder, and one entry here. */
export const registry: readonly RegistryEntry[] = [
  {
    id: 'S01',
    slug: 'flushed-iptables',
    folder: 's01-flushed-iptables',
    scenario: async () => (await import('./catalogue/s01-flushed-iptables/scenario.ts')).default,
    proof: async () => (await import('./catalogue/s01-flushed-iptables/proof.ts')).default,
  },
  {
    id: 'S02',
    slug: 'kube-proxy-crash',
    folder: 's02-kube-proxy-crash',
    scenario: async () => (await import('./catalogue/s02-kube-proxy-crash/scenario.ts')).default,
    proof: async () => (await import('./catalogue/s02-kube-proxy-crash/proof.ts')).default,
  },
  {
    id: 'S03',
    slug: 'shell-in-container',
    folder: 's03-shell-in-container',
    scenario: async () => (await import('./catalogue/s03-shell-in-container/scenario.ts')).default,
    proof: async () => (await import('./catalogue/s03-shell-in-container/proof.ts')).default,
  },
  {
    id: 'S05',
    slug: 'split-brain-node',
    folder: 's05-split-brain-node',
    scenario: async () => (await import('./catalogue/s05-split-brain-node/scenario.ts')).default,
    proof: async () => (await import('./catalogue/s05-split-brain-node/proof.ts')).default,
  },
  {
    id: 'S17',
    slug: 'cross-node-route',
    folder: 's17-cross-node-route',
    scenario: async () => (await import('./catalogue/s17-cross-node-route/scenario.ts')).default,
    proof: async () => (await import('./catalogue/s17-cross-node-route/proof.ts')).default,
  },
  {
    id: 'S49',
    slug: 'dns-corefile',
    folder: 's49-dns-corefile',
    scenario: async () => (await import('./catalogue/s49-dns-corefile/scenario.ts')).default,
    proof: async () => (await import('./catalogue/s49-dns-corefile/proof.ts')).default,
  },
  {
    id: 'S52',
    slug: 'no-endpoints',
    folder: 's52-no-endpoints',
    scenario: async () => (await import('./catalogue/s52-no-endpoints/scenario.ts')).default,
    proof: async () => (await import('./catalogue/s52-no-endpoints/proof.ts')).default,
  },
];
