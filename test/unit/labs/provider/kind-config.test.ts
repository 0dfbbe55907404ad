import { kindConfig, type KindConfigInput } from '../../../../labs/provider/kind-config.ts';
import { topologyOf } from '../../../../labs/provider/topology.ts';

interface Config {
  readonly networking: { readonly apiServerAddress: string; readonly disableDefaultCNI?: boolean };
  readonly nodes: readonly {
    readonly role: string;
    readonly image: string;
    readonly extraMounts?: readonly { readonly containerPath: string; readonly readOnly: boolean }[];
    readonly extraPortMappings?: readonly {
      readonly containerPort: number;
      readonly hostPort: number;
      readonly listenAddress: string;
    }[];
  }[];
  readonly kubeadmConfigPatches: readonly string[];
}

function config(input: Partial<KindConfigInput> = {}): Config {
  return kindConfig({
    lab: 'lab',
    topology: topologyOf('std'),
    nodeImage: 'node:1',
    host: { cgroupVersion: 2, canRaiseLimits: true },
    frontDoor: 'published',
    cni: 'default',
    audit: 'log',
    controlPlaneConfigFolder: '/state/lab/control-plane',
    ...input,
  }) as Config;
}

function patch(kind: string, made: Config): Record<string, unknown> | undefined {
  return made.kubeadmConfigPatches
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .find((one) => one['kind'] === kind);
}

describe("kind's configuration", () => {
  test.each([
    ['single', ['control-plane']],
    ['std', ['control-plane', 'worker', 'worker']],
    ['ha', ['control-plane', 'control-plane', 'control-plane', 'worker', 'worker']],
  ])('has the nodes of the topology %s, all of the same image', (name, roles) => {
    const { nodes } = config({ topology: topologyOf(name) });
    expect(nodes.map(({ role }) => role)).toEqual(roles);
    expect(new Set(nodes.map(({ image }) => image))).toEqual(new Set(['node:1']));
  });

  test.each([
    ['single', 0],
    ['std', 1],
    ['ha', 3],
  ])('publishes the front door of %s once, on loopback, at ports left to chance', (name, doorNode) => {
    const { nodes } = config({ topology: topologyOf(name) });
    expect(nodes.map(({ extraPortMappings }) => extraPortMappings?.length ?? 0)).toEqual(
      nodes.map((_node, index) => (index === doorNode ? 2 : 0)),
    );
    expect(nodes[doorNode]?.extraPortMappings).toEqual(
      [80, 443].map((containerPort) => ({ containerPort, hostPort: 0, listenAddress: '127.0.0.1', protocol: 'TCP' })),
    );
  });

  test('publishes nothing without a front door', () => {
    expect(config({ frontDoor: 'none' }).nodes.some(({ extraPortMappings }) => extraPortMappings)).toBe(false);
  });

  test('keeps the API server on loopback', () => {
    expect(config().networking.apiServerAddress).toBe('127.0.0.1');
  });

  describe('has the API server tell of requests', () => {
    const flagsOf = (audit: KindConfigInput['audit']): Readonly<Record<string, string>> => {
      const { apiServer } = patch('ClusterConfiguration', config({ audit })) as unknown as {
        readonly apiServer: { readonly extraArgs: Readonly<Record<string, string>> };
      };
      return apiServer.extraArgs;
    };

    test.each([
      ['log', true, false],
      ['webhook', false, true],
      ['both', true, true],
    ] as const)('by %s', (way, byLog, byWebhook) => {
      const flags = flagsOf(way);
      expect('audit-log-path' in flags).toBe(byLog);
      expect('audit-webhook-config-file' in flags).toBe(byWebhook);
      expect(flags).toHaveProperty('audit-policy-file');
    });

    test('without waiting for the webhook, and in a second', () => {
      expect(flagsOf('both')).toMatchObject({ 'audit-webhook-mode': 'batch', 'audit-webhook-batch-max-wait': '1s' });
    });
  });

  test('mounts the audit policy read-only into control planes, and has the API server use it and write a log', () => {
    const made = config();
    expect(made.nodes.map(({ extraMounts }) => extraMounts?.map(({ readOnly }) => readOnly))).toEqual([
      [true],
      undefined,
      undefined,
    ]);
    const mounted = made.nodes[0]?.extraMounts?.[0]?.containerPath ?? '';
    expect(patch('ClusterConfiguration', made)).toMatchObject({
      apiServer: {
        extraArgs: {
          'audit-policy-file': expect.stringContaining(`${mounted}/`),
          'audit-log-path': expect.stringMatching(/^\//),
        },
      },
    });
    expect(patch('InitConfiguration', made)).toMatchObject({
      patches: { directory: expect.stringContaining(`${mounted}/`) },
    });
  });

  test.each([
    ['an ordinary machine gets no kubelet patch', 2, true, undefined],
    ['cgroup v1 is accepted where it is', 1, true, { failCgroupV1: false, cgroupDriver: 'cgroupfs', cgroupRoot: '/' }],
    ['limits are left alone where they cannot be raised', 2, false, { featureGates: { KubeletInUserNamespace: true } }],
    [
      'both together',
      1,
      false,
      {
        failCgroupV1: false,
        cgroupDriver: 'cgroupfs',
        cgroupRoot: '/',
        featureGates: { KubeletInUserNamespace: true },
      },
    ],
  ] as const)('%s', (_title, cgroupVersion, canRaiseLimits, expected) => {
    const found = patch('KubeletConfiguration', config({ host: { cgroupVersion, canRaiseLimits } }));
    expect(found).toEqual(expected === undefined ? undefined : { kind: 'KubeletConfiguration', ...expected });
  });

  test('leaves the CNI away when Cilium is to come', () => {
    expect(config({ cni: 'cilium' }).networking.disableDefaultCNI).toBe(true);
    expect(config().networking).not.toHaveProperty('disableDefaultCNI');
  });
});
