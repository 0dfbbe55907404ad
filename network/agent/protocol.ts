// What probers say to each other on the probed paths, and what the room outside says to them through the Channel.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FailureClass, MeterPath, MeterReading } from '../types.ts';

/** HTTP headers that carry a question. */
export const NONCE_HEADER = 'x-kubedrill-nonce';
export const KEY_HEADER = 'x-kubedrill-key';

/** The secret of one run; it reaches the probers over the Channel only, and none of them gives it out. */
export interface RunKey {
  readonly id: string;
  readonly secret: string;
}

/** What a prober asks: one JSON line over TCP, one datagram over UDP, two headers over HTTP. */
export interface Question {
  /** Fresh for every probe. */
  readonly nonce: string;
  /** Key with which the answer is to be signed. */
  readonly keyId?: string;
}

/** Who answered, and how the one who asked looked from there. */
export interface IdentityAnswer {
  readonly identity: string;
  readonly nonce: string;
  /** The client's address as the answerer saw it. */
  readonly observed: string;
  /** The answerer's own addresses, as it reads them on its interfaces. */
  readonly own: readonly string[];
  readonly node?: string;
  /** Absent when the answerer has no key of that id. */
  readonly signature?: string;
  /** Only over HTTP: what the answerer was asked for. */
  readonly host?: string;
  readonly path?: string;
}

/** HMAC-SHA256, hex, over what an answer claims. */
export function signatureOf(secret: string, answer: Pick<IdentityAnswer, 'identity' | 'nonce' | 'observed'>): string {
  return createHmac('sha256', secret).update(`${answer.nonce}\n${answer.identity}\n${answer.observed}`).digest('hex');
}

export function isSignedWith(secret: string, answer: IdentityAnswer): boolean {
  const expected = Buffer.from(signatureOf(secret, answer));
  const given = Buffer.from(answer.signature ?? '');
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** One way to try a path once. A host that is a name is looked up first, as any program in the prober's place would. */
export type ProbeTarget =
  | { readonly kind: 'tcp' | 'udp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'http';
      readonly host: string;
      readonly port: number;
      readonly hostHeader?: string;
      readonly path?: string;
      /** Over TLS, when present. */
      readonly tls?: TlsWanted;
    }
  | {
      readonly kind: 'dns';
      readonly name: string;
      readonly recordType: RecordType;
      /** Address of the server; the prober's own resolver when absent. */
      readonly server?: string;
    };

export interface TlsWanted {
  /** For SNI, and the name that the certificate must have where it is checked. */
  readonly serverName: string;
  /** PEM of the authority that must have signed the certificate: that proves who answers. Not checked when absent. */
  readonly ca?: string;
}

export type RecordType = 'A' | 'AAAA' | 'SRV';

/** What came of one try. */
export type ProbeOutcome =
  | { readonly kind: 'answer'; readonly answer: IdentityAnswer; readonly status?: number }
  /** Addresses for A and AAAA, `target:port` for SRV; sorted. */
  | { readonly kind: 'records'; readonly records: readonly string[] }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly detail: string;
      /** Common name in the certificate that was checked. */
      readonly certificate?: string;
    }
  | {
      readonly kind: 'failure';
      readonly error: FailureClass;
      readonly detail: string;
      /** The other end took the connection, and then failed to answer. */
      readonly connected?: true;
    };

export interface ProbeJob {
  readonly id: number;
  readonly target: ProbeTarget;
  readonly timeoutMs: number;
  /** Time for a second try after silence; there is none when absent. */
  readonly retryTimeoutMs?: number;
}

export interface ProbeResult {
  readonly id: number;
  readonly nonce: string;
  readonly outcome: ProbeOutcome;
  /** Of the last try. */
  readonly ms: number;
  readonly tries: number;
  /** The client's own address on the last try, as its system chose it; absent where there was none. */
  readonly sent?: string;
}

/** POST /probe */
export interface ProbeOrder {
  readonly keyId: string;
  readonly jobs: readonly ProbeJob[];
}

/** Answer to POST /key and GET /healthz: what the prober is and has. */
export interface ProberState {
  readonly identity: string;
  /** Port of its identity servers, TCP and UDP. */
  readonly port: number;
  readonly own: readonly string[];
  /** CLOCK_MONOTONIC, milliseconds, when it started. */
  readonly startedAtMs: number;
}

/** POST /meter */
export interface MeterOrder {
  readonly key: RunKey;
  /** The paths of this prober. */
  readonly paths: readonly MeterPath[];
  /** All paths of the run, so that a prober that has lost its own can be noticed by asking any other. */
  readonly roster: readonly MeterPath[];
}

/** A path that began to fail, or came back; or the first look at a path. */
export interface MeterTransition {
  /** Counts up by one within a prober. */
  readonly seq: number;
  /** CLOCK_MONOTONIC, milliseconds. */
  readonly t: number;
  readonly path: string;
  readonly ok: boolean;
  readonly error?: FailureClass;
  readonly detail?: string;
  /** How long the stretch was that ended here; 0 at the first look. */
  readonly ms: number;
}

/** GET /meter?since=SEQ */
export interface MeterState {
  /** CLOCK_MONOTONIC, milliseconds. */
  readonly nowMs: number;
  /** When the prober itself started. */
  readonly startedAtMs: number;
  readonly roster: readonly MeterPath[];
  readonly readings: readonly MeterReading[];
  readonly transitions: readonly MeterTransition[];
}

/** POST /relay: asks other sockets of the same folder, all at once. One exec into a node then serves all its probers. */
export interface RelayOrder {
  readonly requests: readonly RelayRequest[];
}

export interface RelayRequest {
  readonly socket: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

export type RelayAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'failure'; readonly why: string };
