import type { FailureClass } from '../../types.ts';
import type { ProbeOutcome } from '../protocol.ts';

const CLASSES: Readonly<Record<string, FailureClass>> = {
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  // What a blackhole route (EINVAL), a prohibit route (EACCES) and a rule that drops in OUTPUT (EPERM, UDP only) look like.
  EINVAL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  // Somebody is there who does not speak TLS.
  EPROTO: 'wrong-identity',
};

/** Of OpenSSL and Node: the certificate is not signed by the authority, not for the name, or out of date. */
const CERTIFICATE = /CERT|SIGNATURE|ISSUER|ALTNAME/;

/** An error of the operating system as an outcome: its class, and its own words. */
export function failureOf(error: unknown): Extract<ProbeOutcome, { kind: 'failure' }> {
  const code = codeOf(error);
  const kind = CERTIFICATE.test(code) ? 'wrong-identity' : CLASSES[code];
  return failure(kind ?? 'unreachable', propertyOf(error, 'message') || String(error));
}

export function failure(error: FailureClass, detail: string): Extract<ProbeOutcome, { kind: 'failure' }> {
  return { kind: 'failure', error, detail };
}

/** Nothing came back in time; whether the other end had taken the connection tells a dead path from a mute server. */
export function silence(timeoutMs: number, isConnected: boolean): Extract<ProbeOutcome, { kind: 'failure' }> {
  const outcome = failure('timeout', `${isConnected ? 'connected, but ' : ''}no answer within ${String(timeoutMs)} ms`);
  return isConnected ? { ...outcome, connected: true } : outcome;
}

/** True for what says nothing about the path: the source port was in use on this very machine. */
export function isPortTaken(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'failure' && /\bEADDR(INUSE|NOTAVAIL)\b/.test(outcome.detail);
}

/** The error's code, e.g. `ECONNREFUSED`; empty when it has none. */
export function codeOf(error: unknown): string {
  return propertyOf(error, 'code');
}

/** By its form, not by its class: errors may come from another realm. */
function propertyOf(error: unknown, name: 'code' | 'message'): string {
  if (typeof error !== 'object' || error === null) return '';
  const value = (error as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : '';
}
