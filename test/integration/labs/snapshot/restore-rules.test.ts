import { execaRunner, type KubeClient, type KubeObject, type NodeHandle } from '../../../../core/index.ts';
import { compareNodes } from '../../../../labs/snapshot/compare.ts';
import { restoreNode, type LabSnapshot, type SnapshotSession } from '../../../../labs/snapshot/index.ts';
import { parseNodeDump } from '../../../../labs/snapshot/node-script.ts';
import { pictureOf } from '../../../../labs/snapshot/take-snapshot.ts';
import { fakeClock } from '../../../support/clock.ts';
import { describeUnless, networkNamespace, noNetworkNamespaces } from '../../../support/netns.ts';
import { fixture } from '../../../unit/labs/snapshot/fixtures/load.ts';

const reason = noNetworkNamespaces(['iptables-restore', 'ip6tables-restore', 'nft', 'bash']);
const recorded = fixture('idle');

/** The recorded rules; those that count in an accounting object of kube-proxy's would need the object. */
const withoutAccounting = (text: string): string => text.replace(/ -m nfacct --nfacct-name +\S+/g, '');

/** `ip netns exec` has its own view of the mounts: there, the files of this machine are out of reach of a restore. */
const HARMLESS = [
  'for file in hosts resolv.conf; do mount --bind /dev/null /etc/$file || exit 99; done',
  'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys || exit 99',
  'exec bash -s',
].join('; ');
const TABLES = ['ip nat', 'ip filter', 'ip mangle', 'ip raw', 'ip6 nat', 'ip6 filter', 'ip6 mangle', 'nft'];

type Namespace = ReturnType<typeof networkNamespace>;

/** A node whose packet rules are those of a namespace; all else is as it was recorded. */
function nodeIn(namespace: Namespace): NodeHandle {
  const runner = execaRunner();
  const inside = (argv: readonly string[]): readonly string[] => ['netns', 'exec', namespace.name, ...argv];
  const exec: NodeHandle['exec'] = async (argv, options) => {
    if (argv[1] === '-s') return runner.run('ip', inside(['bash', '-c', HARMLESS]), options);
    if (argv.join(' ').includes('conntrack -D')) return { stdout: '', stderr: '', exitCode: 0 };
    return { stdout: dumpText(namespace), stderr: '', exitCode: 0 };
  };
  return { name: 'lab-worker', role: 'worker', addresses: { ipv4: '172.20.0.2' }, exec };
}

function dumpText(namespace: Namespace): string {
  const section = (name: string, content: string) => (text: string) =>
    text.replace(new RegExp(`(\\u001e${name}\\n)[^\\u001e]*`), (_all, head: string) => `${head}${content}`);
  return [
    section('iptables', namespace.sh('iptables-save')),
    section('ip6tables', namespace.sh('ip6tables-save')),
    section('nft', namespace.sh('nft list tables').includes('inet') ? namespace.sh('nft list table inet foreign') : ''),
  ].reduce((text, replace) => replace(text), recorded.text);
}

/** An API server that knows the recorded pods and Services, and expects nobody to delete anything. */
function kubeOf(lineages: ReadonlyMap<string, string>): KubeClient {
  const pods = [...lineages].map(([ip, lineage]): KubeObject => {
    const [namespace = '', kind = '', name = ''] = lineage.split('/');
    const ownerReferences = [{ kind, name, uid: 'u', controller: true }];
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: ip, namespace, ownerReferences },
      status: { podIPs: [{ ip }] },
    };
  });
  const services = [...recorded.cluster.clusterIps].map((ip): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: ip },
    spec: { clusterIPs: [ip] },
  }));
  const lists: Readonly<Record<string, readonly KubeObject[]>> = { Pod: pods, Service: services, ReplicaSet: [] };
  const list = (_apiVersion: string, kind: string) => Promise.resolve(lists[kind] ?? []);
  return new Proxy({ list } as unknown as KubeClient, {
    get: (_target, call) => {
      if (call === 'list') return list;
      throw new Error(`unexpected call of the API: ${String(call)}`);
    },
  });
}

function sessionIn(namespace: Namespace): SnapshotSession & { readonly node: NodeHandle } {
  const node = nodeIn(namespace);
  return { node, nodes: [node], kube: kubeOf(recorded.cluster.lineageByIp), clock: fakeClock() };
}

function pictureIn(namespace: Namespace) {
  return pictureOf('lab-worker', parseNodeDump(dumpText(namespace)), recorded.cluster.lineageByIp);
}

/** The rules themselves, in their order; counters, canaries and empty built-in chains are no matter. */
function bareRules(namespace: Namespace): readonly string[] {
  return namespace
    .sh('iptables-save; ip6tables-save')
    .split('\n')
    .filter(
      (line) => line.startsWith('-A ') || (line.startsWith(':') && line.includes(' - ') && !line.includes('CANARY')),
    )
    .map((line) => line.replace(/ \[\d+:\d+\]$/, ''))
    .sort();
}

/** Dozens of programs a test; generous, because a loaded machine is no failure. */
const TIMEOUT_MS = 120_000;

const FAMILY: readonly (readonly [string, string])[] = [
  ['a', 'iptables -F'],
  ['b', 'iptables -t nat -F'],
  ['c', 'iptables -t nat -F; iptables -t nat -X'],
  ['d', 'for t in mangle nat filter; do iptables -t $t -F; iptables -t $t -X; done'],
  ['e', 'nft flush ruleset'],
  ['f', 'iptables -t mangle -F; iptables -t mangle -X'],
];

const VANDALISM: readonly (readonly [string, string])[] = [
  ['a foreign rule before all others', 'iptables -t nat -I PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 9'],
  [
    'a foreign chain that is jumped to',
    'iptables -t nat -N EVIL; iptables -t nat -A EVIL -j RETURN; iptables -t nat -I OUTPUT -j EVIL',
  ],
  [
    'a foreign chain that a chain of kube-proxy jumps to',
    'iptables -t nat -N EVIL; iptables -t nat -I KUBE-SERVICES -j EVIL',
  ],
  ['a closed policy', 'iptables -P FORWARD DROP; ip6tables -P INPUT DROP'],
  ['a lost jump to Docker’s resolver', 'iptables -t nat -D OUTPUT -d 172.20.0.1/32 -j DOCKER_OUTPUT'],
  ['a duplicate', 'iptables -t nat -A POSTROUTING -d 172.20.0.1/32 -j DOCKER_POSTROUTING'],
  ['a rule in a table that was not used', 'iptables -t raw -A PREROUTING -j ACCEPT'],
  ['an emptied chain of Docker', 'iptables -t nat -F DOCKER_OUTPUT'],
  ['a foreign nft table', 'nft add table inet foreign; nft add chain inet foreign c'],
  [
    'the node’s kubelet rules lost',
    'iptables -D INPUT -j KUBE-FIREWALL; iptables -F KUBE-FIREWALL; iptables -X KUBE-FIREWALL 2>/dev/null || true',
  ],
];

describeUnless(reason, 'restoring recorded rules in a real namespace', () => {
  let namespace: Namespace;
  let before: LabSnapshot;
  let rulesBefore: readonly string[];
  beforeEach(() => {
    namespace = networkNamespace('restore');
    for (const [program, text] of [
      ['iptables-restore', recorded.dump.iptables],
      ['ip6tables-restore', recorded.dump.ip6tables],
    ] as const) {
      namespace.sh(`${program} <<'END'\n${withoutAccounting(text)}\nEND`);
    }
    before = {
      apiVersion: 'kubedrill/v1',
      takenAt: '2026-01-01T00:00:00Z',
      nodes: [pictureIn(namespace)],
      objects: {},
    };
    rulesBefore = bareRules(namespace);
  }, TIMEOUT_MS);
  afterEach(() => namespace.remove(), TIMEOUT_MS);

  const residue = () => compareNodes(before.nodes[0] ?? pictureIn(namespace), pictureIn(namespace));

  test.each([...FAMILY, ...VANDALISM])(
    '%s leaves no difference',
    async (_what, command) => {
      const session = sessionIn(namespace);
      namespace.sh(command);
      const broken = residue();

      const outcome = await restoreNode(session, session.node, before, TABLES);
      expect(outcome.restored).toHaveLength(broken.length);
      expect(outcome.left).toEqual([]);
      expect(residue()).toEqual([]);
      expect(bareRules(namespace)).toEqual(rulesBefore);
      expect(await restoreNode(session, session.node, before, TABLES)).toMatchObject({
        restored: [],
        kubeProxyRestarted: false,
      });
    },
    TIMEOUT_MS,
  );

  test(
    'every member of the family but the harmless one shows differences before',
    () => {
      for (const [, command] of FAMILY.filter(([member]) => member !== 'f')) {
        namespace.sh(command);
        expect(residue().length).toBeGreaterThan(5);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'the rules of a host port that are newer than the picture stay, and stay first',
    async () => {
      const session = sessionIn(namespace);
      const newer = 'e'.repeat(64);
      const live = `kubedrill-${newer}-eth0\n`;
      const exec: NodeHandle['exec'] = async (argv, options) => {
        const result = await session.node.exec(argv, options);
        return { ...result, stdout: result.stdout.replace(/(\u001esandboxes\n)/, `$1${live}`) };
      };
      namespace.sh(`
      iptables -t nat -F
      iptables -t nat -N CNI-DN-eeeeeeeeeeeeeeeeeeeee
      iptables -t nat -A CNI-DN-eeeeeeeeeeeeeeeeeeeee -p tcp --dport 80 -j DNAT --to-destination 10.244.1.21:8080
      iptables -t nat -A CNI-HOSTPORT-DNAT -p tcp -m comment --comment 'dnat name: "kubedrill" id: "${newer}"' \
        -m multiport --dports 80 -j CNI-DN-eeeeeeeeeeeeeeeeeeeee`);
      await restoreNode(session, { ...session.node, exec }, before, TABLES);
      const jumps = namespace
        .sh('iptables -t nat -S CNI-HOSTPORT-DNAT')
        .split('\n')
        .filter((line) => line.startsWith('-A'));
      expect(jumps).toHaveLength(2);
      expect(jumps[0]).toContain(newer);
    },
    TIMEOUT_MS,
  );
});
