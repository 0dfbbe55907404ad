import { planRestore, type RestorePlan } from '../../../../../labs/snapshot/restore/plan.ts';
import { pictureOf } from '../../../../../labs/snapshot/take-snapshot.ts';
import { fixture } from '../fixtures/load.ts';

const idle = fixture('idle');
const replaced = fixture('replaced');
const ofIdle = pictureOf('lab-worker', idle.dump, idle.cluster.lineageByIp);
const ofReplaced = pictureOf('lab-worker', replaced.dump, replaced.cluster.lineageByIp);

/** The plan's script with what it feeds to programs in clear. */
function clear({ script }: RestorePlan): string {
  return script.replace(/echo ([A-Za-z0-9+/=]+) \| base64 -d/g, (_all, encoded: string) =>
    Buffer.from(encoded, 'base64').toString(),
  );
}

test('a node that is as it was needs nothing', () => {
  expect(planRestore({ saved: ofIdle, dump: idle.dump, cluster: idle.cluster })).toEqual({
    script: '',
    needsKubeProxy: false,
    lostHostPorts: [],
    differences: [],
  });
});

test('a node whose pods were all replaced since needs nothing either', () => {
  const { script, needsKubeProxy } = planRestore({ saved: ofIdle, dump: replaced.dump, cluster: replaced.cluster });
  expect({ script, needsKubeProxy }).toEqual({ script: '', needsKubeProxy: false });
});

test('where Services and endpoints are the same, all rules come back, also kube-proxy’s', () => {
  const { dump, cluster } = fixture('flushed-nat');
  const plan = planRestore({ saved: ofReplaced, dump, cluster });
  const text = clear(plan);
  expect(plan.needsKubeProxy).toBe(false);
  expect(text).toMatch(/^-A DOCKER_OUTPUT .* -j DNAT --to-destination 127\.0\.0\.11:\d+$/m);
  expect(text).toMatch(/^-A KUBE-SVC-TCOU7JCQXEZGVUNU /m);
  expect(text).toMatch(/^-I PREROUTING 1 .* -j KUBE-SERVICES$/m);
});

test('where endpoints have changed since, kube-proxy has to write its own', () => {
  const { dump, cluster } = fixture('flushed-nat');
  const plan = planRestore({ saved: ofIdle, dump, cluster });
  expect(plan.needsKubeProxy).toBe(true);
  expect(clear(plan)).toMatch(/^-A DOCKER_OUTPUT /m);
  expect(clear(plan)).not.toMatch(/^(:|-A )KUBE-(SVC|SEP|SERVICES)/m);
});

test('where a Service came since, kube-proxy has to write its own', () => {
  const { dump, cluster } = fixture('flushed-nat');
  const more = { ...cluster, clusterIps: new Set([...cluster.clusterIps, '10.96.99.99']) };
  expect(planRestore({ saved: ofReplaced, dump, cluster: more }).needsKubeProxy).toBe(true);
});

test('the rules of a host port whose pod was replaced since do not come back, and the pod is named', () => {
  const { dump, cluster } = fixture('flushed-nat');
  const plan = planRestore({ saved: ofIdle, dump, cluster });
  expect(plan.lostHostPorts).toEqual(['shop/Deployment/front']);
  expect(clear(plan)).not.toContain('-A CNI-DN-');
});

test('the rules of a host port whose pod is still there come back', () => {
  const { dump, cluster } = fixture('flushed-nat');
  expect(clear(planRestore({ saved: ofReplaced, dump, cluster }))).toMatch(
    /^-A CNI-DN-[0-9a-f]+ .* -j DNAT --to-destination /m,
  );
});

test('Docker’s rules lead to the ports at which its resolver listens now', () => {
  const { dump, cluster } = fixture('flushed-nat');
  const sockets = 'tcp 0B00007F:1000\nudp 0B00007F:2000\n';
  const text = clear(planRestore({ saved: ofReplaced, dump: { ...dump, 'dns-sockets': sockets }, cluster }));
  expect(text).toMatch(/^-A DOCKER_OUTPUT .*-p tcp .*127\.0\.0\.11:4096$/m);
  expect(text).toMatch(/^-A DOCKER_POSTROUTING .*-p udp .*--sport 8192 /m);
});

test('after nft flush ruleset both families come back', () => {
  const { dump, cluster } = fixture('flushed-ruleset');
  const text = clear(planRestore({ saved: ofReplaced, dump, cluster }));
  expect(text).toContain('iptables-restore --noflush');
  expect(text).toContain('ip6tables-restore --noflush');
});

test('only the tables that were asked for are restored', () => {
  const { dump, cluster } = fixture('flushed-nat');
  const changed = { ...dump, hosts: 'something else\n' };
  const plan = planRestore({ saved: ofReplaced, dump: changed, cluster, tables: ['hosts'] });
  expect(plan.script).toContain('> /etc/hosts');
  expect(plan.script).not.toContain('iptables');
});

test.each([
  [
    'sysctls',
    '/proc/sys/net/ipv4/ip_forward:1',
    '/proc/sys/net/ipv4/ip_forward:0',
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
  ],
  ['routes', '10.244.2.0/24 via', '10.99.0.0/16 via', 'ip -4 route replace 10.244.2.0/24 via 172.20.0.3 dev eth0'],
  ['routes', '10.244.2.0/24 via', '10.99.0.0/16 via', 'ip -4 route del 10.99.0.0/16 via 172.20.0.3 dev eth0'],
  ['rules', '32766:', '7:\tfrom all fwmark 0x1 lookup 9\n32766:', 'ip -4 rule del from all fwmark 0x1 lookup 9 pref 7'],
  ['addresses', 'inet 172.20.0.2/16', 'inet 172.20.0.99/16', 'ip -4 address add 172.20.0.2/16 dev eth0'],
  [
    'links',
    'cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500',
    'cni0: <BROADCAST,MULTICAST> mtu 1400',
    'ip link set dev cni0 up mtu 1500',
  ],
] as const)('in %s, %s that reads %s is put back', (section, old, now, command) => {
  const dump = { ...idle.dump, [section]: idle.dump[section].replace(old, now) };
  expect(dump[section]).not.toBe(idle.dump[section]);
  expect(planRestore({ saved: ofIdle, dump, cluster: idle.cluster }).script).toContain(`${command} || failed=1\n`);
});

test('a port of the pods’ bridge that lost a flag gets it back', () => {
  const port = (device: string, hairpin: number): string =>
    `/sys/class/net/${device}/brport/hairpin_mode:${String(hairpin)}\n`;
  const saved = pictureOf('lab-worker', { ...idle.dump, 'bridge-ports': port('veth1', 1) }, idle.cluster.lineageByIp);
  const dump = { ...idle.dump, 'bridge-ports': port('veth1', 1) + port('veth9', 0) };
  const { script } = planRestore({ saved, dump, cluster: idle.cluster });
  expect(script).toContain('echo 1 > /sys/class/net/veth9/brport/hairpin_mode || failed=1');
});

test('lists that the CNI leaves behind a pod with a host port are no difference, and are in nobody’s way', () => {
  const without = (pattern: RegExp): string =>
    idle.dump.iptables
      .split('\n')
      .filter((line) => !pattern.test(line))
      .join('\n');
  const never = { ...idle.dump, iptables: without(/CNI-(HOSTPORT|DN)-/) };
  const gone = { ...idle.dump, iptables: without(/CNI-DN-/) };
  expect(gone.iptables).toContain('-j CNI-HOSTPORT-DNAT');
  const saved = pictureOf('lab-worker', never, idle.cluster.lineageByIp);
  expect(planRestore({ saved, dump: gone, cluster: idle.cluster }).differences).toEqual([]);
  const foreign = { ...gone, iptables: gone.iptables.replace(/^-A PREROUTING/m, '-A PREROUTING -j THEIRS\n$&') };
  const plan = planRestore({ saved, dump: foreign, cluster: idle.cluster });
  expect(plan.differences).toEqual(['ip nat: added -A PREROUTING -j THEIRS']);
  expect(clear(plan)).toContain('-D PREROUTING -j THEIRS');
  expect(clear(plan)).not.toMatch(/CNI-HOSTPORT/);
});
