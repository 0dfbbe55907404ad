import { parse } from 'yaml';
import { causes, withField } from '../../../../scenarios/catalogue/s02-kube-proxy-crash/causes.ts';
import { stepContextOf } from '../../../../scenarios/runner/context.ts';
import type { Journal } from '../../../../scenarios/journal/journal.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

const CONFIG = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nmode: iptables\nclusterCIDR: 10.244.0.0/16\n# kept\n';
const KUBECONFIG = 'clusters:\n- cluster:\n    server: https://lab-control-plane:6443\n';
const configMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kube-proxy', namespace: 'kube-system' },
  data: { 'config.conf': CONFIG, 'kubeconfig.conf': KUBECONFIG },
};

let world: FakeWorld;
beforeEach(async () => {
  world = await fakeWorld([], [configMap]);
});
afterEach(() => world.remove());

async function dataAfter(id: string): Promise<Readonly<Record<string, string>>> {
  const cause = causes.find((one) => one.id === id);
  const journal = { state: () => ({ run: 'r', facts: {} }) } as unknown as Journal;
  const context = stepContextOf(world.env, journal, { variant: id, seed: 1, parameters: {} }, () => undefined);
  await cause?.step.run(context);
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-proxy', namespace: 'kube-system' };
  return (await world.kube.get(ref))?.['data'] as Readonly<Record<string, string>>;
}

test('one field of a document is changed, and everything else stays as it was written', () => {
  const changed = withField(CONFIG, 'mode', () => 'nftables');
  expect(changed).toBe(CONFIG.replace('mode: iptables', 'mode: nftables'));
});

test.each([
  ['bad-mode', 'config.conf', { mode: 'iptable', clusterCIDR: '10.244.0.0/16' }],
  ['bad-cidr', 'config.conf', { mode: 'iptables', clusterCIDR: '10.244.0.0' }],
  ['wrong-api-port', 'kubeconfig.conf', { clusters: [{ cluster: { server: 'https://lab-control-plane:6553' } }] }],
])('the cause %s makes exactly its one mistake', async (id, file, expected) => {
  const data = await dataAfter(id);
  expect(parse(data[file] ?? '')).toMatchObject(expected);
});
