import type { NodeHandle } from '../core/index.ts';
import type { Session } from '../labs/index.ts';
import { resetLab } from '../scenarios/index.ts';
import { median, type Bench, type BenchIo, type Figure } from './lib.ts';
import { openLab } from './support/open-lab.ts';

const ROUNDS = 3;

/** `reset` of a lab that was taken apart, several times in a row; `npm run bench reset -- LAB`. */
const bench: Bench = {
  says: `reset after rules, routes, sysctls and objects were spoilt, and after kubelet and control plane were, ${String(ROUNDS)} times each`,
  run: async (io) => {
    const lab = await openLab(io.args[0]);
    const figures: Figure[] = [];
    for (const damage of DAMAGES) figures.push(...(await measure(io, lab, damage)));
    return figures;
  },
};

export default bench;

interface Damage {
  readonly name: string;
  readonly atMost: number;
  readonly spoil: (lab: Session) => Promise<unknown>;
}

const DAMAGES: readonly Damage[] = [
  { name: 'nothing', atMost: 10, spoil: async () => undefined },
  {
    name: 'rules, routes, sysctls',
    atMost: 10,
    spoil: ({ nodes }) =>
      onEach(nodes, 'nft flush ruleset; ip route add blackhole 192.0.2.0/24; echo 0 > /proc/sys/net/ipv4/ip_forward'),
  },
  {
    name: 'objects',
    atMost: 10,
    spoil: async ({ kube }) => {
      await kube.delete({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' });
      await kube.delete({ apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' });
      await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'left-behind' } });
    },
  },
  {
    name: 'kubelets and scheduler stopped',
    atMost: 60,
    spoil: async ({ nodes }) => {
      const controlPlanes = nodes.filter(({ role }) => role === 'control-plane');
      await onEach(controlPlanes, 'rm /etc/kubernetes/manifests/kube-scheduler.yaml');
      await onEach(nodes, 'systemctl stop kubelet');
    },
  },
  {
    name: 'API server’s manifest broken',
    atMost: 60,
    spoil: ({ nodes }) =>
      onEach(
        nodes.filter(({ role }) => role === 'control-plane'),
        "sed -i 's/--secure-port=6443/--secure-port=6444/' /etc/kubernetes/manifests/kube-apiserver.yaml",
      ),
  },
];

async function measure(io: BenchIo, lab: Session, { name, spoil, atMost }: Damage): Promise<readonly Figure[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await spoil(lab);
    const { tookMs, residue, unready } = await resetLab(lab);
    io.say(`${name}: ${(tookMs / 1000).toFixed(1)} s, residue ${String(residue.length)} ${unready}`);
    if (residue.length > 0 || unready !== '') throw new Error(`the lab did not become as it was after: ${name}`);
    times.push(tookMs / 1000);
  }
  return [
    { name: `reset, ${name}, median`, value: median(times), unit: 's', atMost },
    { name: `reset, ${name}, slowest`, value: Math.max(...times), unit: 's', atMost },
  ];
}

function onEach(nodes: readonly NodeHandle[], script: string): Promise<unknown> {
  return Promise.all(nodes.map((node) => node.exec(['bash', '-ec', script])));
}
