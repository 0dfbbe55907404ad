import { randomBytes } from 'node:crypto';
import type { ProbeOutcome, ProbeTarget, Question } from '../protocol.ts';
import { probeDns } from './dns-probe.ts';
import { failureOf, isPortTaken } from './failure.ts';
import { probeHttp } from './http-probe.ts';
import type { NodeResolver } from './node-resolver.ts';
import { sourcePorts } from './source-ports.ts';
import { probeTcp } from './tcp-probe.ts';
import { probeUdp } from './udp-probe.ts';

export interface ProbeOptions {
  readonly timeoutMs: number;
  /** Datagrams are sent again after this time; never when absent. */
  readonly resendAfterMs?: number;
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
        const outcome = await run({ ...parts, fromPort: nextPort() }, target, question, options);
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

function run(
  { nodeResolver, from, fromPort }: ProberParts & { readonly fromPort: number },
  target: ProbeTarget,
  question: Question,
  options: ProbeOptions,
): Promise<ProbeOutcome> {
  const to = { ...target, ...options, fromPort, ...(from === undefined ? {} : { from }) };
  switch (to.kind) {
    case 'tcp':
      return probeTcp(to, question);
    case 'udp':
      return probeUdp(to, question);
    case 'http':
      return probeHttp(to, question);
    case 'dns':
      if (nodeResolver !== undefined && to.server === undefined) {
        return nodeResolver.lookUp(to.name, to.timeoutMs);
      }
      return probeDns(to);
  }
}
