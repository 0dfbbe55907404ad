import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { ProbeOutcome, ProbeTarget, Question } from '../protocol.ts';
import { probeDns, type DnsQuestion } from './dns-probe.ts';
import { failure, failureOf, isPortTaken } from './failure.ts';
import { probeHttp } from './http-probe.ts';
import type { NodeResolver } from './node-resolver.ts';
import type { OnSource } from './own-end.ts';
import { sourcePorts } from './source-ports.ts';
import { probeTcp } from './tcp-probe.ts';
import { probeUdp } from './udp-probe.ts';

export interface ProbeOptions {
  readonly timeoutMs: number;
  /** Datagrams are sent again after this time; never when absent. */
  readonly resendAfterMs?: number;
  readonly onSource?: OnSource;
}

/** A port may belong to somebody else on the machine; so many in a row do not. */
const PORTS_TO_TRY = 4;

/** Tries one path once; never rejects, and never takes longer than its time-out. */
export type Prober = (target: ProbeTarget, question: Question, options: ProbeOptions) => Promise<ProbeOutcome>;

export interface ProberParts {
  /** Asked for names when no server is given; the pod's resolv.conf when absent. */
  readonly nodeResolver?: NodeResolver;
  /** Source address of everything, for several probers on one machine. */
  readonly from?: string;
}

export function prober(parts: ProberParts = {}): Prober {
  const nextPort = sourcePorts();
  return async (target, question, options) => {
    try {
      for (let left = PORTS_TO_TRY; ; left -= 1) {
        const outcome = await run({ parts, nextPort, question }, target, options);
        if (left === 1 || !isPortTaken(outcome)) return outcome;
      }
    } catch (error) {
      return failureOf(error);
    }
  };
}

export function newNonce(): string {
  return randomBytes(12).toString('hex');
}

interface Run {
  readonly parts: ProberParts;
  readonly nextPort: () => number;
  readonly question: Question;
}

function run(how: Run, target: ProbeTarget, options: ProbeOptions): Promise<ProbeOutcome> {
  const { parts, nextPort, question } = how;
  const to = { ...target, ...options, fromPort: nextPort(), ...(parts.from === undefined ? {} : { from: parts.from }) };
  if (to.kind === 'dns') return lookUp(parts, to);
  if (isIP(to.host) === 0) return runByName(how, to, options);
  switch (to.kind) {
    case 'tcp':
      return probeTcp(to, question);
    case 'udp':
      return probeUdp(to, question);
    case 'http':
      return probeHttp(to, question);
  }
}

function lookUp({ nodeResolver }: ProberParts, question: DnsQuestion): Promise<ProbeOutcome> {
  if (nodeResolver === undefined || question.server !== undefined) return probeDns(question);
  return nodeResolver.lookUp(question.name, question.timeoutMs);
}

/** Looks the host up, and asks the first address that the name has; both within the one time-out. */
async function runByName(
  how: Run,
  target: Exclude<ProbeTarget, { kind: 'dns' }>,
  options: ProbeOptions,
): Promise<ProbeOutcome> {
  const startMs = performance.now();
  const found = await run(how, { kind: 'dns', name: target.host, recordType: 'A' }, options);
  if (found.kind !== 'records') return found;
  const [host] = found.records;
  if (host === undefined) return failure('dns-no-answer', `${target.host} has no address`);
  const leftMs = options.timeoutMs - (performance.now() - startMs);
  return run(how, { ...target, host }, { ...options, timeoutMs: Math.max(leftMs, 1) });
}
