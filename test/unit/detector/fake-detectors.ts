import type { Channel, ChannelRequest, NodeHandle } from '../../../core/index.ts';
import type { AlertDocument, DetectorLab, DetectorStats } from '../../../detector/index.ts';

/** An alert as a node's detector keeps it. */
export function alert(
  node: string,
  sequence: number,
  monotonicNs: bigint,
  more: Partial<AlertDocument> = {},
): AlertDocument {
  return {
    time: '2026-01-01T00:00:10.123456789Z',
    rule: `rule ${String(sequence)}`,
    priority: 'Notice',
    source: 'syscall',
    hostname: node,
    output: 'o',
    tags: [],
    output_fields: { 'proc.name': 'sh' },
    sequence,
    latencyMs: 3,
    monotonicNs: String(monotonicNs),
    attribution: { node, pod: 'web-0', namespace: 'shop' },
    ...more,
  };
}

/** What a healthy detector says of itself, as far as it is looked at. */
export function stats(node: string, more: Partial<DetectorStats> = {}): DetectorStats {
  return {
    node,
    run: 'run-1',
    startedAtMs: 0,
    rules: { hash: `hash of ${node}`, loaded: 1, enabled: 1, sources: {}, warnings: [] },
    sensor: { isConnected: true, heartbeatAgeMs: 200 },
    incidents: [],
    ...more,
  } as DetectorStats;
}

export interface FakeNode {
  role?: NodeHandle['role'];
  run: string;
  alerts: readonly AlertDocument[];
  /** Number of the alert that comes next; follows from the alerts unless some were lost. */
  next?: number;
  /** The oldest that is kept. */
  oldest?: number;
  stats: DetectorStats;
  down?: string;
  generation?: number;
  refusal?: string;
}

/** A lab whose detectors answer from plain objects; `asked` is what they were asked for. */
export function labOf(nodes: Readonly<Record<string, FakeNode>>): DetectorLab & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = ({ node, path }: ChannelRequest): unknown => {
    asked.push(`${node.name} ${path}`);
    const fake = nodes[node.name];
    if (fake === undefined || fake.down !== undefined) throw new Error(fake?.down ?? 'no such node');
    if (path === '/stats') return fake.stats;
    const since = Number(/since=(\d+)/.exec(path)?.[1]);
    const next = fake.next ?? (fake.alerts.at(-1)?.sequence ?? 0) + 1;
    return {
      run: fake.run,
      node: node.name,
      oldest: fake.oldest ?? 1,
      next,
      generation: fake.generation ?? 1,
      ...(fake.refusal === undefined ? {} : { refusal: fake.refusal }),
      alerts: fake.alerts.filter(({ sequence }) => sequence > since),
    };
  };
  const channel: Channel = {
    request: async <T>(request: ChannelRequest) => answer(request) as T,
  };
  const handle = (name: string): NodeHandle => ({
    name,
    role: nodes[name]?.role ?? 'worker',
    addresses: { ipv4: '10.0.0.1' },
    exec: () => Promise.reject(new Error('not used')),
  });
  return { nodes: Object.keys(nodes).map(handle), channel, asked };
}

export const node = (name: string, alerts: readonly AlertDocument[], more: Partial<FakeNode> = {}): FakeNode => ({
  run: 'run-1',
  alerts,
  stats: stats(name),
  ...more,
});
