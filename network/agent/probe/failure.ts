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
};

/** An error of the operating system as an outcome: its class, and its own words. */
export function failureOf(error: unknown): Extract<ProbeOutcome, { kind: 'failure' }> {
  const code = codeOf(error);
  return failure(CLASSES[code] ?? 'unreachable', error instanceof Error ? error.message : String(error));
}

export function failure(error: FailureClass, detail: string): Extract<ProbeOutcome, { kind: 'failure' }> {
  return { kind: 'failure', error, detail };
}

/** The error's code, e.g. `ECONNREFUSED`; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
