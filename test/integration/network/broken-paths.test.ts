import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { packageRoot } from '../../../core/index.ts';
import type { ProbeOutcome, ProbeTarget } from '../../../network/agent/protocol.ts';
import { describeUnless, networkNamespace, noNetworkNamespaces } from '../../support/netns.ts';

const TARGET = '10.96.0.1';

describeUnless(noNetworkNamespaces(['iptables']), 'a path that is broken on the node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-broken-'));
  const program = join(folder, 'probe-once.cjs');
  const namespace = networkNamespace('broken');
  beforeAll(() => {
    buildSync({
      entryPoints: [join(packageRoot(), 'test/support/probe-once.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
    });
    namespace.sh('ip link add v0 type veth peer name v1 && ip link set v0 up && ip link set v1 up');
    namespace.sh('ip addr add 10.1.1.1/24 dev v0 && ip route add default via 10.1.1.2');
  });
  afterAll(() => {
    namespace.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const outcomes = (targets: readonly ProbeTarget[]): readonly ProbeOutcome[] => {
    const printed = namespace.sh(`${process.execPath} ${program} '${JSON.stringify(targets)}'`);
    return JSON.parse(printed) as readonly ProbeOutcome[];
  };

  test.each([
    ['a REJECT, as of a Service without endpoints', 'iptables -A OUTPUT -d 10.96.0.1 -j REJECT', 'refused', 'refused'],
    ['a DROP', 'iptables -A OUTPUT -d 10.96.0.1 -j DROP', 'timeout', 'unreachable'],
    ['a blackhole route', 'ip route add blackhole 10.96.0.1', 'unreachable', 'unreachable'],
    ['a prohibit route', 'ip route add prohibit 10.96.0.1', 'unreachable', 'unreachable'],
    ['an unreachable route', 'ip route add unreachable 10.96.0.1', 'unreachable', 'unreachable'],
  ])('by %s ends in its own class of failure', (_, command, tcp, udp) => {
    namespace.sh(command);
    try {
      const seen = outcomes([
        { kind: 'tcp', host: TARGET, port: 80 },
        { kind: 'udp', host: TARGET, port: 80 },
      ]);
      expect(seen.map((outcome) => (outcome.kind === 'failure' ? outcome.error : outcome.kind))).toEqual([tcp, udp]);
    } finally {
      namespace.sh('iptables -F OUTPUT; ip route del 10.96.0.1 2>/dev/null || true');
    }
  });

  test('without a route at all is unreachable, over either family', () => {
    namespace.sh('ip route del default');
    const seen = outcomes([
      { kind: 'tcp', host: TARGET, port: 80 },
      { kind: 'tcp', host: 'fd00::1', port: 80 },
      { kind: 'dns', name: 'a.', recordType: 'A', server: TARGET },
    ]);
    expect(seen.map((outcome) => (outcome.kind === 'failure' ? outcome.error : outcome.kind))).toEqual([
      'unreachable',
      'unreachable',
      'unreachable',
    ]);
  });
});
