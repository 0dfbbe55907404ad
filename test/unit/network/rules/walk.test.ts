import type { Packet } from '../../../../network/rules/packet.ts';
import { parseSave } from '../../../../network/rules/save-format.ts';
import { walk, type Course } from '../../../../network/rules/walk.ts';
import { RECORDED_ADDRESSES, recordedPort, recordedTables, without } from '../../../support/recorded-node.ts';

const FROM_POD: Packet = { source: '10.244.2.4', destination: '', protocol: 'tcp', port: 80, mark: 0, from: 'cni0' };

function natWalk(packet: Partial<Packet>, change?: (text: string) => string): readonly Course[] {
  const nat = recordedTables(change).find(({ name }) => name === 'nat');
  return walk(nat, packet.from === undefined ? 'OUTPUT' : 'PREROUTING', { ...FROM_POD, ...packet }, RECORDED_ADDRESSES);
}

function ends(courses: readonly Course[]): readonly string[] {
  return courses.map(({ end, share }) => `${share.toFixed(2)} ${end.kind === 'dnat' ? end.to : end.kind}`);
}

/** A table `nat` with one chain of these rules, and what they jump to. */
function tiny(chains: Readonly<Record<string, readonly string[]>>): ReturnType<typeof parseSave>[number] | undefined {
  const lines = Object.entries(chains).flatMap(([chain, rules]) => rules.map((rule) => `-A ${chain} ${rule}`));
  const heads = Object.keys(chains).map((chain) => `:${chain} ${chain === 'PREROUTING' ? 'ACCEPT' : '-'} [0:0]`);
  return parseSave(['*nat', ...heads, ...lines, 'COMMIT'].join('\n'))[0];
}

describe('a packet at the rules of a recorded node', () => {
  const web = recordedPort('shop/web:http');

  test('goes to each endpoint of its Service equally often', () => {
    expect([...ends(natWalk({ destination: web.clusterIP, from: 'cni0' }))].sort()).toEqual(
      web.endpoints.map(({ address }) => `0.25 ${address}:8080`).sort(),
    );
  });

  test('of a pod keeps its address, one of the node itself is marked for the masquerade', () => {
    const fromPod = natWalk({ destination: web.clusterIP, from: 'cni0' });
    const { protocol, port, mark } = FROM_POD;
    const fromNode: Packet = { source: '172.20.0.3', destination: web.clusterIP, protocol, port, mark };
    const nat = recordedTables().find(({ name }) => name === 'nat');
    const itself = walk(nat, 'OUTPUT', fromNode, RECORDED_ADDRESSES);
    expect(fromPod.map(({ mark }) => mark)).toEqual([0, 0, 0, 0]);
    expect(itself.map(({ mark }) => mark)).toEqual([0x4000, 0x4000, 0x4000, 0x4000]);
  });

  test('to a NodePort takes the last rule of KUBE-SERVICES, and only at an address of the node', () => {
    const at = (destination: string): readonly string[] =>
      ends(natWalk({ source: '172.20.0.2', destination, port: web.nodePort, from: 'eth0' }));
    expect(at('172.20.0.3')).toHaveLength(4);
    expect(at('172.20.0.4')).toEqual(['1.00 through']);
  });

  test('to a host port is led to the pod that has it', () => {
    expect(ends(natWalk({ source: '172.20.0.2', destination: '172.20.0.3', port: 80, from: 'eth0' }))).toEqual([
      expect.stringMatching(/^1.00 10\.244\.2\.\d+:80$/),
    ]);
  });

  test('goes to the other endpoints when the chain of one does not rewrite', () => {
    const courses = natWalk(
      { destination: web.clusterIP, from: 'cni0' },
      without(/to-destination 10\.244\.1\.4:8080$/),
    );
    const share = (to: string): number =>
      courses.reduce((sum, one) => (one.end.kind === 'dnat' && one.end.to === to ? sum + one.share : sum), 0);
    expect([share('10.244.1.4:8080'), share('10.244.1.6:8080')]).toEqual([0, expect.closeTo(1 / 3, 5)]);
  });
});

describe('a walk', () => {
  test('comes back from a chain that did not decide, but not after a goto', () => {
    const come = (way: string): readonly string[] =>
      ends(walk(tiny({ PREROUTING: [`${way} A`, '-j DROP'], A: ['-p udp -j ACCEPT'] }), 'PREROUTING', FROM_POD, []));
    expect(come('-j')).toEqual(['1.00 drop']);
    expect(come('-g')).toEqual(['1.00 through']);
  });

  test('says what it does not know instead of guessing, and only where it matters', () => {
    const rules = ['-p udp -m string --string x -j ACCEPT', '-m string --string x -j DROP'];
    expect(walk(tiny({ PREROUTING: rules }), 'PREROUTING', FROM_POD, []).map(({ end }) => end)).toEqual([
      { kind: 'unknown', why: expect.stringContaining('rule 2 of PREROUTING') as string },
    ]);
  });

  test('ends where chains call each other', () => {
    const loop = tiny({ PREROUTING: ['-j A'], A: ['-j B'], B: ['-j A'] });
    expect(ends(walk(loop, 'PREROUTING', FROM_POD, []))).toEqual(['1.00 unknown']);
  });

  test('carries the mark that a rule set to the rules after it', () => {
    const rules = ['-j MARK --set-xmark 0x4000/0x4000', '-m mark --mark 0x4000/0x4000 -j DROP'];
    expect(ends(walk(tiny({ PREROUTING: rules }), 'PREROUTING', FROM_POD, []))).toEqual(['1.00 drop']);
  });

  test('passes ten thousand rules', () => {
    const rules = Array.from({ length: 10_000 }, (_, n) => `-d 10.1.${String(n >> 8)}.${String(n & 255)}/32 -j DROP`);
    expect(ends(walk(tiny({ PREROUTING: rules }), 'PREROUTING', { ...FROM_POD, destination: '10.2.0.1' }, []))).toEqual(
      ['1.00 through'],
    );
  });
});
