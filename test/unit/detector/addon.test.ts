import type { AddonContext, AddonProbe, ChannelRequest, KubeObject, NodeHandle } from '../../../core/index.ts';
import { AUDIT_LOG_FILE } from '../../../detector/addon/paths.ts';
import { auditWebhookFrom } from '../../../detector/app/audit-webhook-settings.ts';
import { defaultConfig, readConfig } from '../../../detector/config/detector-config.ts';
import { addon, AUDIT_WEBHOOK_URL, type AuditSources } from '../../../detector/index.ts';
import { AUDIT_LOG_FILE as WRITTEN_BY_API_SERVER } from '../../../labs/provider/audit-policy.ts';

const CONTEXT: AddonContext = {
  labName: 'lab',
  topology: { controlPlanes: 1, workers: 2 },
  nodeNames: ['lab-control-plane', 'lab-worker', 'lab-worker2'],
  toolboxImage: 'kubedrill/toolbox:1',
  apiServer: { host: 'lab-control-plane', port: 6443 },
};

interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly securityContext: {
    readonly runAsUser: number;
    readonly runAsNonRoot?: boolean;
    readonly privileged: boolean;
    readonly allowPrivilegeEscalation: boolean;
    readonly readOnlyRootFilesystem: boolean;
    readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] };
  };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

function find(kind: string, audit?: AuditSources): KubeObject {
  const found = addon(audit)
    .manifests(CONTEXT)
    .find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function configMap(name: string): Readonly<Record<string, string>> {
  const found = addon()
    .manifests(CONTEXT)
    .find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  return (found?.['data'] ?? {}) as Readonly<Record<string, string>>;
}

function containers(audit?: AuditSources): Readonly<Record<string, Container>> {
  const { spec } = find('DaemonSet', audit) as unknown as {
    readonly spec: {
      readonly template: {
        readonly spec: { readonly containers: readonly Container[]; readonly initContainers: readonly Container[] };
      };
    };
  };
  const all = [...spec.template.spec.containers, ...spec.template.spec.initContainers];
  return Object.fromEntries(all.map((container) => [container.name, container]));
}

describe('the detector’s add-on', () => {
  test('gives no container more than it needs', () => {
    const { sensor, engine, prepare } = containers();
    for (const container of [sensor, engine, prepare]) {
      expect(container?.securityContext).toMatchObject({
        privileged: false,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(sensor?.securityContext.capabilities.add).toEqual(['BPF', 'PERFMON']);
    expect(engine?.securityContext.capabilities.add).toBeUndefined();
    expect(prepare?.securityContext.capabilities.add).toBeUndefined();
    expect(engine?.securityContext.runAsNonRoot).toBe(true);
  });

  test('gives the identity to the engine alone, and the engine nothing of the node to write but its own folder', () => {
    const { sensor, engine } = containers();
    expect(sensor?.volumeMounts.map(({ name }) => name)).not.toContain('identity');
    const writable = engine?.volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath);
    // The second goes with the pod: it is where outputs to files may write.
    expect(writable).toEqual(['/run/kubedrill/detector', '/var/log/kubedrill']);
    expect(JSON.stringify(find('DaemonSet'))).toContain('"name":"output","emptyDir":');
  });

  test('lets the sensor read the containers of the node, also those that come later, and the engine not', () => {
    const { sensor, engine } = containers();
    const tasks = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
    expect(sensor?.volumeMounts).toContainEqual({
      name: 'tasks',
      mountPath: tasks,
      readOnly: true,
      mountPropagation: 'HostToContainer',
    });
    expect(engine?.volumeMounts.map(({ mountPath }) => mountPath)).not.toContain(tasks);
    expect(JSON.stringify(find('DaemonSet'))).toContain(`"--tasks","${tasks}"`);
  });

  test('brings a configuration that the engine accepts, and runs without one', () => {
    const content = configMap('detector-config')['detector.yaml'] ?? '';
    expect(readConfig({ name: 'detector.yaml', content })).toEqual({ ok: true, config: defaultConfig() });
    expect(JSON.stringify(find('DaemonSet'))).toContain('{"name":"detector-config","optional":true}');
  });

  test('may look at pods, and nothing else', () => {
    expect(find('ClusterRole')['rules']).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ]);
  });

  test('reads the audit log where the API server is told to write it', () => {
    expect(AUDIT_LOG_FILE).toBe(WRITTEN_BY_API_SERVER);
  });

  describe('with the webhook', () => {
    const webhook = { certificate: 'C', key: 'K', clientAuthority: 'A' };
    const environment = (audit: AuditSources): Readonly<Record<string, string>> =>
      Object.fromEntries((containers(audit)['engine']?.env ?? []).map(({ name, value = '' }) => [name, value]));

    test('gives its key to the engine alone, and has it take events where the API server is told to send them', () => {
      const audit = { log: 'followed', webhook } as const;
      const data = find('Secret', audit)['data'] as Readonly<Record<string, string>>;
      expect(Object.values(data).map((text) => Buffer.from(text, 'base64').toString())).toEqual(['C', 'K', 'A']);
      const { sensor, engine } = containers(audit);
      const mount = engine?.volumeMounts.find(({ name }) => name === 'webhook');
      expect(mount?.readOnly).toBe(true);
      expect(sensor?.volumeMounts.map(({ name }) => name)).not.toContain('webhook');
      const settings = auditWebhookFrom(environment(audit));
      expect(`https://${settings?.host ?? ''}:${String(settings?.port)}${settings?.path ?? ''}`).toBe(
        AUDIT_WEBHOOK_URL,
      );
      const files = Object.keys(data).map((name) => `${mount?.mountPath ?? ''}/${name}`);
      expect([settings?.certificateFile, settings?.keyFile]).toEqual(files.slice(0, 2));
      expect(settings?.clients).toEqual({ kind: 'certificate', authorityFile: files[2] });
    });

    test('alone follows no log, and without it there is no Secret', () => {
      expect(environment({ log: 'none', webhook })).not.toHaveProperty('KUBEDRILL_AUDIT_LOG');
      expect(environment({ log: 'followed' })).toHaveProperty('KUBEDRILL_AUDIT_LOG');
      expect(() => find('Secret')).toThrow('no Secret');
    });
  });

  test('brings the rules along, and a hash of them with the pods', () => {
    const names = Object.keys(configMap('detector-rules'));
    expect(names.length).toBeGreaterThan(0);
    expect(JSON.stringify(find('DaemonSet'))).toMatch(/"kubedrill\/rules-hash":"[0-9a-f]{64}"/);
  });

  test('is ready when every node’s detector says so, and else tells why', async () => {
    const asked: ChannelRequest[] = [];
    const node = (name: string): NodeHandle => ({
      name,
      role: 'worker',
      addresses: { ipv4: '10.0.0.1' },
      exec: () => Promise.reject(new Error('not asked')),
    });
    const probe = {
      ...CONTEXT,
      nodes: [node('a'), node('b')],
      channel: {
        request: (request: ChannelRequest) => {
          asked.push(request);
          return request.node.name === 'a' ? Promise.resolve({ ok: true }) : Promise.reject(new Error('no heartbeat'));
        },
      },
    } as unknown as AddonProbe;
    expect(await addon().ready(probe)).toMatchObject([
      { id: 'detector a', ok: true },
      { id: 'detector b', ok: false, observed: 'no heartbeat' },
    ]);
    expect(asked.map(({ socket, path }) => `${socket} ${path}`)).toEqual(
      Array(2).fill('detector/detector.sock /healthz'),
    );
  });
});
