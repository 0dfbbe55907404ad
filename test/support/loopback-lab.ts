import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  systemClock,
  type Channel,
  type ChannelRequest,
  type KubeClient,
  type KubeObject,
  type NodeHandle,
} from '../../core/index.ts';
import { NODE_LABEL, PROBER_LABEL, PROBES_NAMESPACE, SERVICES, serviceOn } from '../../network/addon/names.ts';
import { startAgent, type RunningAgent } from '../../network/agent/agent.ts';
import { nodeResolver } from '../../network/agent/probe/node-resolver.ts';
import { NODE_ROLES, proberName, proberSocket, type ProberRole } from '../../network/probers.ts';
import type { ProbedLab } from '../../network/types.ts';

/** A lab without a cluster: real agents in this process, each with a loopback address of its own. */
export interface LoopbackLab extends ProbedLab {
  readonly agents: Map<string, RunningAgent>;
  readonly addressOf: (prober: string) => string;
  /** Ends one agent, as when its pod is deleted. */
  stopAgent(prober: string): Promise<void>;
  startAgent(prober: string): Promise<void>;
  stop(): Promise<void>;
}

interface Place {
  readonly node: string;
  readonly role: ProberRole;
  readonly address: string;
}

/** Nodes `n1`, `n2`, …; the address of each agent is 127.1.<node>.<N>. */
export async function loopbackLab(nodeCount: number): Promise<LoopbackLab> {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-probes-'));
  const names = Array.from({ length: nodeCount }, (_, index) => `n${String(index + 1)}`);
  const places = new Map<string, Place>([
    ...names.flatMap((node, index) =>
      NODE_ROLES.map((role) => [proberName(node, role), { node, role, address: addressFor(index + 1, role) }] as const),
    ),
    ['ext', { node: 'keeper', role: 'ext', address: '127.1.200.1' }],
  ]);
  const agents = new Map<string, RunningAgent>();
  const start = async (prober: string): Promise<void> => {
    agents.set(prober, await agentAt(folder, prober, places.get(prober)));
  };
  for (const prober of places.keys()) await start(prober);
  const addressOf = (prober: string): string => places.get(prober)?.address ?? '';
  return {
    nodes: names.map((name) => handle(name, addressOf(proberName(name, 'node')))),
    keeper: handle('keeper', addressOf('ext')),
    kube: kubeOf(names, places, (prober) => agents.get(prober)?.port ?? 1),
    channel: socketChannel(folder),
    clock: systemClock,
    addonContext: {
      labName: 'loopback',
      nodeNames: names,
      topology: { controlPlanes: 1, workers: nodeCount - 1 },
      toolboxImage: 'none',
      apiServer: { host: 'n1', port: 6443 },
    },
    agents,
    addressOf,
    stopAgent: async (prober) => {
      await agents.get(prober)?.stop();
      agents.delete(prober);
    },
    startAgent: start,
    stop: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The two on the node's network share its address. */
function addressFor(node: number, role: ProberRole): string {
  return `127.1.${String(node)}.${String({ 'pod-a': 1, 'pod-b': 2, host: 3, node: 3, ext: 9 }[role])}`;
}

function agentAt(folder: string, identity: string, place: Place | undefined): Promise<RunningAgent> {
  if (place === undefined) throw new Error(`there is no ${identity}`);
  return startAgent({
    identity,
    node: place.node,
    port: 0,
    socket: join(folder, place.node, proberSocket(place.role)),
    address: place.address,
    // Without nsenter: the resolver of this machine stands for the node's own.
    ...(place.role === 'node' ? { nodeResolver: nodeResolver(['env']) } : {}),
  });
}

/** The Channel without a container engine: straight to the socket of the node's folder. */
export function socketChannel(folder: string): Channel {
  return {
    request: <T>({ node, socket, method, path, body, timeoutMs }: ChannelRequest) =>
      new Promise<T>((resolve, reject) => {
        const options = { socketPath: join(folder, node.name, socket), method, path, agent: false, timeout: timeoutMs };
        const sent = request(options, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => {
            if (response.statusCode === 200) resolve(JSON.parse(text) as T);
            else reject(new Error(`HTTP ${String(response.statusCode)} ${text.trim()}`));
          });
        });
        sent.on('error', reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      }),
  };
}

function handle(name: string, ipv4: string): NodeHandle {
  return {
    name,
    role: name === 'keeper' ? 'keeper' : 'worker',
    addresses: { ipv4 },
    exec: () => Promise.reject(new Error('a loopback lab has no nodes to enter')),
  };
}

/** The API server of the lab: pods at their addresses; a node's own Service is its pod-a itself, as there is no kube-proxy. */
function kubeOf(
  names: readonly string[],
  places: ReadonlyMap<string, Place>,
  port: (prober: string) => number,
): KubeClient {
  const pods = (): readonly KubeObject[] =>
    [...places.values()]
      .filter(({ role }) => role === 'pod-a' || role === 'pod-b')
      .map(({ node, role, address }) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${role}-${node}`,
          namespace: PROBES_NAMESPACE,
          labels: { [PROBER_LABEL]: role, [NODE_LABEL]: node },
        },
        spec: { nodeName: node },
        status: { phase: 'Running', podIPs: [{ ip: address }] },
      }));
  const service = (name: string, backend: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: PROBES_NAMESPACE },
    // Nobody listens at the address that stands for no backend, so it refuses as an empty Service does.
    spec: { clusterIPs: [places.get(backend)?.address ?? '127.1.250.1'], ports: [{ port: port(backend) }] },
  });
  const services = (): readonly KubeObject[] => [
    ...names.map((name) => service(serviceOn(name), proberName(name, 'pod-a'))),
    service(SERVICES.all, proberName(names[0] ?? '', 'pod-a')),
    service(SERVICES.void, 'nobody'),
    // Its neighbours are the addresses that no Service has, and where nobody listens either.
    { ...service('kubernetes', 'nobody'), metadata: { name: 'kubernetes', namespace: 'default' } },
  ];
  const lists: Readonly<Record<string, () => readonly KubeObject[]>> = { Pod: pods, Service: services };
  const refuse = (): Promise<never> => Promise.reject(new Error('a loopback lab has no API server'));
  return {
    list: async <T>(_: string, kind: string) => (lists[kind]?.() ?? []) as unknown as readonly T[],
    get: async () => undefined,
    create: refuse,
    apply: refuse,
    replace: refuse,
    patch: refuse,
    delete: refuse,
    resourceTypes: refuse,
    podLog: refuse,
    raw: refuse,
  };
}
