import { parse } from 'yaml';
import { onceAnHour, toListener } from '../../../../scenarios/catalogue/s04-stale-rules/causes.ts';

const CONFIG = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
clusterCIDR: 10.244.0.0/16
iptables:
  masqueradeBit: null
  minSyncPeriod: 1s
  syncPeriod: 0s
nftables:
  minSyncPeriod: 0s
  syncPeriod: 0s
`;

test('an hour between two syncs is written for iptables alone, and nothing else changes', () => {
  const before = parse(CONFIG) as Readonly<Record<string, object>>;
  const iptables = { masqueradeBit: null, minSyncPeriod: '1h', syncPeriod: '1h' };
  expect(parse(onceAnHour(CONFIG))).toEqual({ ...before, iptables });
});

test('the listener takes the place of the API server, and nothing else changes', () => {
  const text =
    'clusters:\n- cluster:\n    certificate-authority: ca.crt\n    server: https://lab-control-plane:6443\n  name: default\n';
  expect(toListener(text)).toBe(text.replace('lab-control-plane:6443', '127.0.0.1:6553'));
});
