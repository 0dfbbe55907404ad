import { compareNodes } from '../../../../labs/snapshot/compare.ts';
import type { NodeDump } from '../../../../labs/snapshot/node-script.ts';
import { pictureOf } from '../../../../labs/snapshot/take-snapshot.ts';
import { fixture } from './fixtures/load.ts';

const idle = fixture('idle');
const picture = pictureOf('lab-worker', idle.dump, idle.cluster.lineageByIp);

/** What differs when the idle node is seen again with one section changed. */
function changesIn(section: keyof NodeDump, change: (text: string) => string): readonly string[] {
  const dump = { ...idle.dump, [section]: change(idle.dump[section]) };
  if (dump[section] === idle.dump[section]) throw new Error(`the change did not change ${section}`);
  return compareNodes(picture, pictureOf('lab-worker', dump, idle.cluster.lineageByIp)).map((one) =>
    one.kind === 'node' ? `${one.table}: ${one.change} ${one.line}` : one.object,
  );
}

const inNat = (line: string) => (text: string) =>
  text.replace(/(\*nat[\s\S]*?)(^COMMIT$)/m, (_all, rules: string, end: string) => `${rules}${line}\n${end}`);
const drop = (pattern: RegExp) => (text: string) => text.replace(pattern, '');

test('a recorded node is not empty in any table that a node has', () => {
  for (const table of [
    'ip nat',
    'ip filter',
    'ip6 nat',
    'addresses',
    'routes',
    'sysctls',
    'hosts',
    'resolver',
    'files',
    'units',
  ]) {
    expect(picture.tables[table]?.length).toBeGreaterThan(2);
  }
});

test('after all pods and kube-proxy were replaced by their controllers, the node reads the same', () => {
  const replaced = fixture('replaced');
  expect(replaced.dump.iptables).not.toBe(idle.dump.iptables);
  expect(compareNodes(picture, pictureOf('lab-worker', replaced.dump, replaced.cluster.lineageByIp))).toEqual([]);
});

test('packet counters, canary chains and the order of Services change nothing', () => {
  const services = idle.dump.iptables.match(/^-A KUBE-SERVICES .*cluster IP.*$/gm) ?? [];
  const [first = '', second = ''] = services;
  const reordered = idle.dump.iptables
    .replace(/\[\d+:\d+\]/g, '[7:77]')
    .replace(/^:KUBE-PROXY-CANARY.*\n/gm, '')
    .replace(`${first}\n`, '')
    .replace(`${second}\n`, `${second}\n${first}\n`);
  const again = pictureOf('lab-worker', { ...idle.dump, iptables: reordered }, idle.cluster.lineageByIp);
  expect(reordered).not.toBe(idle.dump.iptables);
  expect(compareNodes(picture, again)).toEqual([]);
});

test.each([
  [
    'a foreign rule',
    'iptables',
    inNat('-A PREROUTING -p tcp -m tcp --dport 9999 -j REDIRECT --to-ports 80'),
    ['ip nat: added -A PREROUTING -p tcp -m tcp --dport 9999 -j REDIRECT --to-ports 80'],
  ],
  [
    'a DNAT of somebody’s own for a Service',
    'iptables',
    inNat('-A KUBE-SERVICES -d 10.96.175.112/32 -j DNAT --to-destination 10.244.1.19:8080'),
    ['ip nat: added -A KUBE-SERVICES -d 10.96.175.112/32 -j DNAT --to-destination {shop/Deployment/web}:8080'],
  ],
  [
    'a chain of a Service that is gone',
    'iptables',
    (text) => text.replace('*nat\n', '*nat\n:KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]\n'),
    ['ip nat: added chain KUBE-SVC-AAAAAAAAAAAAAAAA'],
  ],
  [
    'a missing rule of Docker’s resolver',
    'iptables',
    drop(/^-A DOCKER_OUTPUT .*-p udp.*\n/m),
    [
      'ip nat: missing -A DOCKER_OUTPUT -d 172.20.0.1/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:{docker-dns}',
    ],
  ],
  [
    'a flipped policy',
    'iptables',
    (text) => text.replace(':FORWARD ACCEPT', ':FORWARD DROP'),
    [expect.stringMatching(/^ip \w+: added policy FORWARD DROP$/)],
  ],
  [
    'an unequal share of an endpoint',
    'iptables',
    (text) => text.replace('--probability 0.25000000000', '--probability 0.90000000000'),
    expect.arrayContaining([expect.stringContaining('added -A KUBE-SVC-67NZLRHBNDSAWJRO')]),
  ],
  ['a pinned name', 'hosts', (text) => `${text}10.1.2.3 web.shop\n`, ['hosts: added 10.1.2.3 web.shop']],
  ['a lost name', 'hosts', drop(/^.*lab-control-plane\n/m), ['hosts: missing 172.20.0.4 lab-control-plane']],
  [
    'another resolver',
    'resolver',
    (text) => text.replace('172.20.0.1', '10.96.0.10'),
    ['resolver: missing nameserver 172.20.0.1', 'resolver: added nameserver 10.96.0.10'],
  ],
  [
    'a changed sysctl',
    'sysctls',
    (text) => text.replace('/net/ipv4/ip_forward:1', '/net/ipv4/ip_forward:0'),
    ['sysctls: missing net/ipv4/ip_forward = 1', 'sysctls: added net/ipv4/ip_forward = 0'],
  ],
  [
    'a lost route to another node’s pods',
    'routes',
    drop(/^10\.244\.2\.0\/24 .*\n/m),
    ['routes: missing ip 10.244.2.0/24 via 172.20.0.3 dev eth0'],
  ],
  [
    'a further address',
    'addresses',
    (text) => `${text}9: eth0    inet 10.9.9.9/32 scope global eth0\n`,
    ['addresses: added eth0 inet 10.9.9.9/32'],
  ],
  [
    'a device that is down',
    'links',
    (text) => text.replace(/(cni0: <[^>]*?),UP/, '$1'),
    expect.arrayContaining([expect.stringMatching(/^links: added cni0 down/)]),
  ],
  [
    'a policy routing rule',
    'rules',
    (text) => `77:\tfrom all lookup 100\n${text}`,
    ['rules: added ip 77: from all lookup 100'],
  ],
  ['a stopped kubelet', 'units', drop(/^kubelet\.service.*\n/m), ['units: missing kubelet.service active running']],
  [
    'an edited kubelet configuration',
    'file-sums',
    (text) => text.replace(/^.{64}( {2}\/var\/lib\/kubelet\/config\.yaml)$/m, `${'0'.repeat(64)}$1`),
    expect.arrayContaining(['files: added /var/lib/kubelet/config.yaml 644 root:root sha256:0000000000000000']),
  ],
  [
    'a removed CNI plugin',
    'file-facts',
    drop(/^\/opt\/cni\/bin\/portmap .*\n/m),
    [expect.stringContaining('files: missing /opt/cni/bin/portmap')],
  ],
  ['a new device', 'devices', (text) => `${text}/dev/video0 c 660\n`, ['devices: added /dev/video0 c 660']],
  [
    'a container outside Kubernetes',
    'tasks',
    (text) => `${text}/run/containerd/io.containerd.runtime.v2.task/default/x\n`,
    [expect.stringContaining('tasks: added')],
  ],
  ['a process that somebody stopped', 'stopped', () => 'kube-proxy\n', ['stopped: added kube-proxy']],
  [
    'a rule of the legacy backend',
    'legacy-iptables',
    () => '*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j LOG\nCOMMIT\n',
    ['legacy ip nat: added -A OUTPUT -j LOG'],
  ],
  [
    'a foreign nft table',
    'nft',
    () => 'table inet evil {\n\tchain c {\n\t}\n}\n',
    ['nft: added table inet evil', 'nft: added inet evil chain c'],
  ],
] as readonly [string, keyof NodeDump, (text: string) => string, unknown][])(
  '%s is seen',
  (_what, section, change, seen) => {
    expect(changesIn(section, change)).toEqual(seen);
  },
);

test('an endpoint of a pod that is gone is seen by its bare address', () => {
  const without = new Map([...idle.cluster.lineageByIp].filter(([ip]) => ip !== '10.244.1.19'));
  const changes = compareNodes(picture, pictureOf('lab-worker', idle.dump, without));
  expect(changes).toContainEqual({
    kind: 'node',
    node: 'lab-worker',
    table: 'ip nat',
    line: 'chain KUBE-SEP(shop/web:http 10.244.1.19:8080)',
    change: 'added',
  });
});

test('a resolver rule with another port than the one that Docker listens on is seen', () => {
  const port = /--to-destination 127\.0\.0\.11:(\d+)/.exec(idle.dump.iptables)?.[1] ?? '';
  const changes = changesIn('iptables', (text) => text.replaceAll(port, '4242'));
  expect(changes.filter((line) => line.includes('4242'))).toHaveLength(2);
});
