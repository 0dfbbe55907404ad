import type { AddonContext, AddonProbe, KubeClient, KubeObject, NodeHandle } from '../../../core/index.ts';
import { addon } from '../../../network/index.ts';

const CONTEXT: AddonContext = {
  labName: 'lab',
  nodeNames: ['lab-control-plane', 'lab-worker', 'lab-worker2'],
  topology: { controlPlanes: 1, workers: 2 },
  toolboxImage: 'kubedrill.dev/toolbox:abc',
  apiServer: { host: 'lab-control-plane', port: 6443 },
};

interface Workload extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: PodSpec;
    };
  };
}
interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly tolerations: readonly object[];
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    readonly imagePullPolicy: string;
    readonly securityContext: { readonly privileged?: boolean };
    readonly ports: readonly { readonly containerPort: number }[];
  }[];
}
interface Service extends KubeObject {
  readonly spec: {
    readonly selector: Readonly<Record<string, string>>;
    readonly ports: readonly { readonly protocol: string }[];
  };
}

interface Policy extends KubeObject {
  readonly spec: {
    readonly podSelector: object;
    readonly ingress: readonly {
      readonly from?: readonly object[];
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}

const objects = addon().manifests(CONTEXT);
const workloads = objects.filter(({ kind }) => kind === 'DaemonSet') as unknown as readonly Workload[];
const services = objects.filter(({ kind }) => kind === 'Service') as unknown as readonly Service[];

describe("the probers' manifests", () => {
  test('come back after a drain: everything is a DaemonSet', () => {
    expect(objects.filter(({ kind }) => kind === 'Pod' || kind === 'Deployment')).toEqual([]);
    expect(workloads).toHaveLength(5);
  });

  test('never pull an image, and run on tainted nodes', () => {
    for (const { spec } of workloads) {
      expect(spec.template.spec.tolerations).toEqual([{ operator: 'Exists' }]);
      for (const { image, imagePullPolicy } of spec.template.spec.containers) {
        expect([image, imagePullPolicy]).toEqual([CONTEXT.toolboxImage, 'Never']);
      }
    }
  });

  test("let nothing be privileged but the node's own prober", () => {
    const privileged = workloads.flatMap(({ spec }) =>
      spec.template.spec.containers.filter(({ securityContext }) => securityContext.privileged).map(({ name }) => name),
    );
    expect(privileged).toEqual(['node']);
  });

  test("give the two on the node's network ports that do not collide, outside the NodePort range", () => {
    const host = workloads.find(({ metadata }) => metadata.name === 'host');
    const ports = host?.spec.template.spec.containers.map((container) => container.ports[0]?.containerPort ?? 0) ?? [];
    expect(new Set(ports).size).toBe(2);
    expect(ports.every((port) => port < 30_000)).toBe(true);
  });

  test("have a Service for each node that selects that node's pod-a alone", () => {
    for (const node of CONTEXT.nodeNames) {
      const selector = services.find(({ metadata }) => metadata.name === `on-${node}`)?.spec.selector ?? {};
      const selected = workloads.filter(({ spec }) =>
        Object.entries(selector).every(([key, value]) => spec.template.metadata.labels[key] === value),
      );
      expect(selected.map(({ metadata }) => metadata.name)).toEqual([`pod-a-${node}`]);
    }
  });

  test('have a Service without any backend', () => {
    const selector = services.find(({ metadata }) => metadata.name === 'void')?.spec.selector ?? {};
    const selected = workloads.filter(({ spec }) =>
      Object.entries(selector).every(([key, value]) => spec.template.metadata.labels[key] === value),
    );
    expect(selected).toEqual([]);
  });

  test('close the second port of every pod-b to all but pod-b, and leave the first one open', () => {
    const [policy] = objects.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as readonly Policy[];
    const podB = { matchLabels: { 'kubedrill.dev/prober': 'pod-b' } };
    const portsOf = (index: number): readonly unknown[] | undefined =>
      policy?.spec.ingress[index]?.ports.map(({ port }) => port);
    expect(policy?.spec.podSelector).toEqual(podB);
    expect([portsOf(0), policy?.spec.ingress[0]?.from]).toEqual([[8080, 8080], undefined]);
    expect([portsOf(1), policy?.spec.ingress[1]?.from]).toEqual([[8081, 8081], [{ podSelector: podB }]]);
  });

  test('serve TCP and UDP on every Service', () => {
    for (const { spec } of services) expect(spec.ports.map(({ protocol }) => protocol)).toEqual(['TCP', 'UDP']);
  });
});

describe('the probers', () => {
  const node: NodeHandle = {
    name: 'lab-worker',
    role: 'worker',
    addresses: { ipv4: '172.18.0.3' },
    exec: () => Promise.reject(new Error('not used')),
  };
  const probeWith = (request: () => unknown): AddonProbe => ({
    ...CONTEXT,
    nodes: [node],
    keeper: { ...node, name: 'lab-keeper', role: 'keeper' },
    kube: {} as KubeClient,
    channel: { request: async <T>() => request() as T },
  });

  test('are not ready while nobody answers, and say why', async () => {
    const checks = await addon().ready(
      probeWith(() => {
        throw new Error('no such socket');
      }),
    );
    expect(checks.map(({ ok, observed }) => [ok, observed])).toEqual(Array(5).fill([false, 'no such socket']));
  });

  test('are not ready when somebody else answers in their place', async () => {
    const checks = await addon().ready(probeWith(() => ({ identity: 'stranger', own: [] })));
    expect(checks.find(({ id }) => id === 'prober ext')).toMatchObject({ ok: false, observed: 'stranger has ' });
  });
});
