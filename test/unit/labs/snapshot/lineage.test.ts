import type { KubeObject } from '../../../../core/index.ts';
import { lineageByIp } from '../../../../labs/snapshot/lineage.ts';
import { withLineages } from '../../../../labs/snapshot/surroundings.ts';

const pod = (
  name: string,
  ip: string,
  more: Readonly<Record<string, unknown>> = {},
  owner?: { kind: string; name: string },
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    ...(owner ? { ownerReferences: [{ ...owner, uid: 'u', controller: true } as never] } : {}),
  },
  spec: {},
  status: { phase: 'Running', podIPs: [{ ip }] },
  ...more,
});
const replicaSet: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: 'web-5d',
    namespace: 'shop',
    ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'u', controller: true } as never],
  },
};

test('an address belongs to the Deployment, the set, or the lone pod that holds it', () => {
  const pods = [
    pod('web-5d-x', '10.244.1.5', {}, { kind: 'ReplicaSet', name: 'web-5d' }),
    pod('db-0', '10.244.1.6', {}, { kind: 'StatefulSet', name: 'db' }),
    pod('lone', '10.244.1.7'),
  ];
  expect([...lineageByIp(pods, [replicaSet])]).toEqual([
    ['10.244.1.5', 'shop/Deployment/web'],
    ['10.244.1.6', 'shop/StatefulSet/db'],
    ['10.244.1.7', 'shop/Pod/lone'],
  ]);
});

test.each([
  ['a finished pod', { status: { phase: 'Succeeded', podIPs: [{ ip: '10.244.1.5' }] } }],
  ['a pod on the node’s own network', { spec: { hostNetwork: true } }],
])('%s holds no address of its own', (_what, more) => {
  expect(lineageByIp([pod('p', '10.244.1.5', more)], []).size).toBe(0);
});

test.each([
  ['-s 10.244.1.5/32 -j X', '-s {shop/Deployment/web}/32 -j X'],
  ['--to-destination 10.244.1.5:8080', '--to-destination {shop/Deployment/web}:8080'],
  ['-d 110.244.1.5/32', '-d 110.244.1.5/32'],
  ['-d 10.244.1.50/32', '-d 10.244.1.50/32'],
  ['--to-destination [fd00:10:244:1::5]:8080', '--to-destination [{shop/Deployment/web}]:8080'],
  ['-s fd00:10:244:1::5/128', '-s {shop/Deployment/web}/128'],
  ['-s fd00:10:244:1::55/128', '-s fd00:10:244:1::55/128'],
])('in %s only whole addresses are read as lineages', (text, canonical) => {
  const surroundings = {
    lineageByIp: new Map([
      ['10.244.1.5', 'shop/Deployment/web'],
      ['fd00:10:244:1::5', 'shop/Deployment/web'],
    ]),
    dnsPorts: { tcp: new Set<string>(), udp: new Set<string>() },
  };
  expect(withLineages(text, surroundings)).toBe(canonical);
});
