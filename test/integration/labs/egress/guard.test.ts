import { execaRunner, KubedrillError, type NodeHandle, type Runner } from '../../../../core/index.ts';
import {
  egressGuardStatus,
  installEgressGuard,
  proveEgressGuard,
  removeEgressGuard,
} from '../../../../labs/egress/index.ts';
import { describeUnless, networkNamespace, noNetworkNamespaces } from '../../../support/netns.ts';

const BACKENDS = ['nft', 'legacy'] as const;
const reason = noNetworkNamespaces(['iptables-nft', 'iptables-legacy', 'curl']);

/** A host that forwards between a lab's bridge and an outside, and a machine on that bridge. */
function stage(backend: (typeof BACKENDS)[number]) {
  const host = networkNamespace(`h${backend}`);
  const node = networkNamespace(`n${backend}`);
  host.sh(`
    set -e
    echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
    ip link add kd-lab type bridge
    ip link add port type veth peer name eth0 netns ${node.name}
    ip link set port master kd-lab; ip link set port up; ip link set kd-lab up
    ip addr add 10.9.0.1/24 dev kd-lab
    ip link add out type veth peer name outside; ip link set out up; ip link set outside up
    ip addr add 10.8.0.1/24 dev out; ip route add default via 10.8.0.2
    ip neigh add 10.8.0.2 lladdr 02:00:00:00:00:01 dev out
    echo 1 > /proc/sys/net/ipv4/ip_forward
    iptables-${backend} -N DOCKER-USER; iptables-${backend} -A DOCKER-USER -j RETURN
    iptables-${backend} -I FORWARD -j DOCKER-USER`);
  node.sh(
    'echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; ip addr add 10.9.0.2/24 dev eth0; ip link set eth0 up; ip route add default via 10.9.0.1',
  );
  return {
    host,
    node,
    remove: () => {
      node.remove();
      host.remove();
    },
  };
}

/** Stands in for `docker run --network host … IMAGE -c SCRIPT`: the host is the namespace. */
function engineOn(namespace: string): Runner {
  const real = execaRunner();
  return {
    ...real,
    run: (file, args, options) => {
      if (file !== 'docker' || args[0] !== 'run') throw new Error(`unexpected program: ${file} ${args.join(' ')}`);
      return real.run('ip', ['netns', 'exec', namespace, 'sh', '-c', args.at(-1) ?? ''], options);
    },
  };
}

function nodeIn(namespace: string): NodeHandle {
  const addresses = { ipv4: '10.9.0.2' };
  const exec: NodeHandle['exec'] = (argv, options) =>
    execaRunner().run('ip', ['netns', 'exec', namespace, ...argv], options);
  return { name: 'lab-worker', role: 'worker', addresses, exec };
}

const request = { networkName: 'kubedrill-lab', bridge: 'kd-lab', toolboxImage: 'toolbox' };
const network = { name: request.networkName, bridge: request.bridge };

describeUnless(reason, 'the egress guard on a real host namespace', () => {
  describe.each(BACKENDS)('with Docker in the %s backend', (backend) => {
    let lab: ReturnType<typeof stage>;
    beforeEach(() => (lab = stage(backend)));
    afterEach(() => lab.remove());

    const session = (egressGuard: boolean) =>
      ({
        runner: engineOn(lab.host.name),
        nodes: [nodeIn(lab.node.name)],
        lab: { network, egressGuard, images: { toolbox: 'toolbox' } },
      }) as unknown as Parameters<typeof proveEgressGuard>[0];

    test('a packet to the outside is refused, counted, and never leaves', async () => {
      const deps = { runner: engineOn(lab.host.name) };
      const status = await installEgressGuard(deps, request);
      expect(status.families.find(({ family }) => family === 'ipv4')?.where).toEqual([`${backend} DOCKER-USER`]);

      const sentBefore = lab.host.sh('cat /sys/class/net/out/statistics/tx_packets');
      const proof = await proveEgressGuard(session(true));
      expect(proof).toMatchObject({ kind: 'proven', packets: [{ wasRefused: true, refusedBefore: 0 }] });
      expect(lab.host.sh('cat /sys/class/net/out/statistics/tx_packets')).toBe(sentBefore);
    });

    test('setting it twice leaves one rule, removing it twice none', async () => {
      const deps = { runner: engineOn(lab.host.name) };
      const rules = () => lab.host.sh(`iptables-${backend} -S; ip6tables-nft -S`);
      const clean = rules();
      await installEgressGuard(deps, request);
      const once = rules();
      await installEgressGuard(deps, request);
      expect(rules()).toBe(once);
      expect((await egressGuardStatus(deps, request)).guardedNetworks).toEqual(['kubedrill-lab']);
      await removeEgressGuard(deps, request);
      await removeEgressGuard(deps, request);
      expect(rules()).toBe(clean);
    });

    test('without its rules nothing is sent, and the proof fails', async () => {
      const received = () => lab.host.sh('cat /sys/class/net/kd-lab/statistics/rx_packets');
      const before = received();
      await expect(proveEgressGuard(session(true))).rejects.toThrow(KubedrillError);
      expect(received()).toBe(before);
    });

    test('a guard that packets do not reach is not proven by its rules alone', async () => {
      await installEgressGuard({ runner: engineOn(lab.host.name) }, request);
      lab.host.sh(`iptables-${backend} -I FORWARD 1 -i kd-lab -j DROP`);
      await expect(proveEgressGuard(session(true))).rejects.toThrow(/did not refuse/);
    });

    test('a lab that opted out is told apart from a proven one', async () => {
      expect(await proveEgressGuard(session(false))).toEqual({ kind: 'opted-out' });
    });
  });
});
