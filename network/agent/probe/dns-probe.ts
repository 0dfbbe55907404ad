import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeAnswer, encodeQuery, type DnsAnswer } from '../dns/message.ts';
import { candidateNames, parseResolvConf, type ResolverSettings } from '../dns/search-list.ts';
import type { ProbeOutcome, RecordType } from '../protocol.ts';
import { failure } from './failure.ts';
import { exchangeUdp } from './udp-exchange.ts';

const DNS_PORT = 53;
const NXDOMAIN = 3;

export interface DnsQuestion {
  readonly name: string;
  readonly recordType: RecordType;
  /** Address of the server, optionally with a port as `address#port`; that of /etc/resolv.conf when absent. */
  readonly server?: string;
  readonly from?: string;
  readonly fromPort?: number;
  readonly timeoutMs: number;
  readonly resendAfterMs?: number;
}

/**
 * Asks a name server over UDP. Without `server` it does what a pod's C library does: first server and search list of
 * /etc/resolv.conf, the next name of the list after NXDOMAIN.
 */
export async function probeDns(question: DnsQuestion): Promise<ProbeOutcome> {
  const startMs = performance.now();
  const settings = question.server === undefined ? resolverSettings() : explicit(question.server);
  const server = settings.servers[0];
  if (server === undefined) return failure('dns-no-answer', '/etc/resolv.conf names no server');
  let outcome: ProbeOutcome = failure('dns-nxdomain', `${question.name}: no such name`);
  for (const name of candidateNames(question.name, settings)) {
    const leftMs = question.timeoutMs - (performance.now() - startMs);
    if (leftMs <= 0) return failure('dns-no-answer', `no answer within ${String(question.timeoutMs)} ms`);
    outcome = await ask({ ...question, server, name, timeoutMs: leftMs });
    if (outcome.kind !== 'failure' || outcome.error !== 'dns-nxdomain') return outcome;
    // The next name is asked for from the same port, which the last question gives up only now.
    await nextTurn();
  }
  return outcome;
}

function resolverSettings(): ResolverSettings {
  return parseResolvConf(readFileSync('/etc/resolv.conf', 'utf8'));
}

function explicit(server: string): ResolverSettings {
  return { servers: [server], search: [], ndots: 0 };
}

function ask(question: DnsQuestion & { readonly server: string }): Promise<ProbeOutcome> {
  const { name, recordType, server, timeoutMs } = question;
  const id = randomInt(0x1_0000);
  const [host = server, port] = server.split('#');
  return exchangeUdp(
    { ...question, host, port: port === undefined ? DNS_PORT : Number(port) },
    {
      payload: encodeQuery({ id, name, recordType }),
      read: (message) => {
        const answer = decodeAnswer(message, recordType);
        return answer?.id === id ? outcomeOf(answer, name) : undefined;
      },
      onSilence: failure('dns-no-answer', `${host} did not answer within ${timeoutMs.toFixed(0)} ms`),
      ...(question.resendAfterMs === undefined ? {} : { resendAfterMs: question.resendAfterMs }),
    },
  );
}

function outcomeOf({ rcode, records }: DnsAnswer, name: string): ProbeOutcome {
  if (rcode === NXDOMAIN) return failure('dns-nxdomain', `${name}: no such name`);
  if (rcode !== 0) return failure('dns-servfail', `${name}: the server answered with code ${String(rcode)}`);
  return { kind: 'records', records };
}
