import { API_VERSION } from '../../core/index.ts';
import type { LabFacts } from '../lab/facts.ts';
import { traceRequest, type TraceOptions } from '../trace/trace.ts';
import type { Trace } from '../trace/types.ts';
import type { MatrixCell, ProbedLab } from '../types.ts';
import { cellName, findCell } from './find-cell.ts';
import { measurePlan } from './measure.ts';
import type { Expectation, PlannedProbe } from './planned-cell.ts';

/** One cell, measured now, and its way hop by hop. */
export interface Explanation {
  readonly apiVersion: string;
  readonly name: string;
  readonly cell: MatrixCell;
  /** Absent where there is no way to follow, e.g. for the node's own resolver. */
  readonly trace?: Trace;
  readonly verdict: { readonly ok: boolean; readonly says: string };
}

/**
 * Measures the matrix, finds the cell (see `findCell`), and follows its call through the rules of the nodes: which hop failed? Usage error
 * for a cell that is not there.
 */
export async function explainCell(lab: ProbedLab, text: string): Promise<Explanation> {
  const { report, plan, facts } = await measurePlan(lab);
  const cell = findCell(report.cells, text);
  const probe = plan[report.cells.indexOf(cell)]?.probe;
  const way = probe?.kind === 'job' ? wayOf(cell, probe, facts) : undefined;
  const trace = way === undefined ? undefined : await traceRequest(lab, way.to, { ...way.options, from: cell.from });
  return {
    apiVersion: API_VERSION,
    name: cellName(cell),
    cell,
    ...(trace === undefined ? {} : { trace }),
    verdict: { ok: cell.ok, says: verdictOf(cell, probe?.kind === 'job' ? probe.expect : undefined, trace) },
  };
}

interface Way {
  readonly to: string;
  readonly options: Pick<TraceOptions, 'protocol'>;
}

const DNS_PORT = 53;

/** What a trace has to follow: the same address, port and protocol; for names the way to the name server. */
function wayOf(cell: MatrixCell, { target }: Extract<PlannedProbe, { kind: 'job' }>, facts: LabFacts): Way | undefined {
  if (target.kind === 'dns') {
    const isOwnResolver = target.server === undefined && cell.row === 'M12-node';
    const server = target.server ?? facts.dnsServer;
    if (isOwnResolver || server === undefined) return undefined;
    return { to: `${server}:${String(DNS_PORT)}`, options: { protocol: 'udp' } };
  }
  if (target.kind === 'http' && target.hostHeader !== undefined && target.tls === undefined) {
    return { to: `http://${target.hostHeader}${target.path ?? '/'}`, options: {} };
  }
  const protocol = target.kind === 'udp' ? 'udp' : 'tcp';
  return { to: placeOf(target.host, target.port, facts), options: { protocol } };
}

/** By its address; a name is followed to the Service that has it, where it is one of ours. */
function placeOf(host: string, port: number, facts: LabFacts): string {
  const [name = '', namespace] = host.split('.');
  const isAddress = /^[\d.]+$|:/.test(host);
  if (isAddress) return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
  if (namespace === 'shop') return `shop/${name}`;
  // A headless Service has no address: its name stands for its pods.
  const address = facts.services[name]?.clusterIPs[0] ?? backendOf(facts);
  return `${address}:${String(port)}`;
}

function backendOf({ probers }: LabFacts): string {
  return probers.find(({ role }) => role === 'pod-a')?.addresses[0] ?? '';
}

/** In the words of the hop that failed, else in those of the cell. */
function verdictOf(cell: MatrixCell, expect: Expectation | undefined, trace: Trace | undefined): string {
  const { error = 'failed', detail = '' } = cell;
  const own = `${error}${detail === '' ? '' : `: ${detail}`}`;
  if (cell.ok) return expect !== undefined && isNegative(expect) ? 'it fails, as it should' : 'it works';
  if (trace === undefined) return own;
  // A wrong answer or a wrong source comes by a way that works.
  return trace.verdict.ok ? `${own}; the way itself is in order` : `${error}: ${trace.verdict.says}`;
}

function isNegative({ kind }: Expectation): boolean {
  return kind === 'refused' || kind === 'silence' || kind === 'nobody' || kind === 'no-such-name';
}
