import { nearest, usageError, type NodeHandle } from '../../core/index.ts';
import type { ProbeResult, ProbeTarget, ProberState } from '../agent/protocol.ts';
import { askProbers } from '../lab/ask.ts';
import { newRunKey } from '../lab/key.ts';
import { probersOf, type ProberRef } from '../lab/prober-refs.ts';
import { familyOf } from '../rules/service-ports.ts';
import type { ProbedLab } from '../types.ts';
import type { TracedCluster } from './facts.ts';
import type { TraceClient } from './hops.ts';
import type { TraceTarget } from './target.ts';

/** A client that has its key. */
export interface Asking {
  readonly lab: ProbedLab;
  readonly prober: ProberRef;
  readonly keyId: string;
}

const PROBE_TIMEOUT_MS = 2_000;

/** The prober of that name, or a pod on the first worker; usage error with the nearest names. */
export function proberNamed(lab: ProbedLab, name: string | undefined): ProberRef {
  const all = probersOf(lab);
  const worker = lab.nodes.find(({ role }) => role === 'worker') ?? lab.nodes[0];
  const wanted = name ?? `${worker?.name ?? ''}/pod-a`;
  const found = all.find((prober) => prober.name === wanted);
  if (found !== undefined) return found;
  const close = nearest(
    wanted,
    all.map((prober) => prober.name),
  );
  throw usageError({
    what: `there is no client "${wanted}" in this lab`,
    why: `there are ${(close.length > 0 ? close : all.map((prober) => prober.name)).join(', ')}`,
    hint: `kubedrill net trace shop/web --from ${close[0] ?? 'ext'}`,
  });
}

/** Makes the prober ready for a run; its own addresses, or none when it does not answer. */
export async function giveKey(
  lab: ProbedLab,
  prober: ProberRef,
): Promise<{ readonly keyId: string; readonly own: readonly string[] }> {
  const key = newRunKey();
  const [said] = await askProbers<ProberState>(lab.channel, [{ prober, method: 'POST', path: '/key', body: key }], {
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  return { keyId: key.id, own: said?.kind === 'answer' ? said.body.own : [] };
}

/** How the prober's packets come to the rules: from where, and with which address. */
export function clientFor(
  { name, role, node }: ProberRef,
  own: readonly string[],
  cluster: TracedCluster,
  target: TraceTarget,
): TraceClient {
  const family = familyOf(target.host);
  if (role === 'pod-a' || role === 'pod-b') {
    // A prober that is gone has no address; any pod of its node meets the same rules.
    const neighbours = cluster.pods.filter((pod) => pod.node === node.name).map(({ address }) => address);
    const address = [...own, ...neighbours].find((one) => familyOf(one) === family);
    return { name, place: 'pod', address: address ?? onBridge(node, family) };
  }
  return { name, place: role === 'ext' ? 'outside' : 'node', address: onBridge(node, family) };
}

/** Over TCP every answer will do, and HTTP is what most servers answer; over UDP it is ours, or a name server's. */
export function request(asking: Asking, { protocol, host, port, http }: TraceTarget): Promise<ProbeResult> {
  if (protocol === 'tcp') {
    const at = http === undefined ? {} : { hostHeader: http.host, path: http.path };
    return ask(asking, { kind: 'http', host, port, ...at });
  }
  if (port === DNS_PORT) return ask(asking, { kind: 'dns', name: KNOWN_NAME, recordType: 'A', server: host });
  return ask(asking, { kind: 'udp', host, port });
}

const DNS_PORT = 53;
const KNOWN_NAME = 'kubernetes.default.svc.cluster.local';

/** One try by the client; one that does not answer is an outcome too. */
export async function ask({ lab, prober, keyId }: Asking, target: ProbeTarget): Promise<ProbeResult> {
  const jobs = [{ id: 0, target, timeoutMs: PROBE_TIMEOUT_MS }];
  const [said] = await askProbers<readonly ProbeResult[]>(
    lab.channel,
    [{ prober, method: 'POST', path: '/probe', body: { keyId, jobs } }],
    { timeoutMs: PROBE_TIMEOUT_MS },
  );
  const result = said?.kind === 'answer' ? said.body[0] : undefined;
  const why = said?.kind === 'failure' ? said.why : 'it said nothing';
  return (
    result ?? { id: 0, nonce: '', ms: 0, tries: 0, outcome: { kind: 'failure', error: 'prober-down', detail: why } }
  );
}

/** A node's address on the lab's bridge. */
export function onBridge({ addresses }: NodeHandle, family: 'ipv4' | 'ipv6'): string {
  return family === 'ipv6' ? (addresses.ipv6 ?? '::') : addresses.ipv4;
}
