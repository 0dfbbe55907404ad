import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { isObject } from '../event/json-path.ts';
import type { JsonValue } from '../event/json.ts';
import { proofCheck, type ClientProof } from './audit-webhook-clients.ts';
import { BodyBudget, readBody } from './audit-webhook-body.ts';

export interface AuditWebhookOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly path: string;
  /** PEM texts of the certificate that API servers trust by their kubeconfig's CA, and of its key. */
  readonly certificate: string;
  readonly key: string;
  /** How an API server shows that it is one. */
  readonly clients: ClientProof;
  /** Gets every body that is an Event or EventList of audit.k8s.io, in the order in which the bodies are complete. */
  readonly onEvents: (body: JsonValue) => void;
  /** A body of an API server was refused: its events are lost if they come by no other way. */
  readonly onLost: (why: string) => void;
  readonly signal: AbortSignal;
  /** Default 12 MiB. */
  readonly maxBodyBytes?: number;
  /** Of all bodies that are being received at one time. Default two of the longest. */
  readonly maxBufferedBytes?: number;
}

export interface AuditWebhook {
  readonly port: number;
  stats(): AuditWebhookStats;
  /** After the signal: all requests that had begun are answered, and the port is closed. */
  readonly finished: Promise<void>;
}

/** Requests by what became of them, since the start. */
export type AuditWebhookStats = Readonly<Record<Outcome, number>>;

type Outcome = keyof typeof ANSWERS;

/** `lost`: it was an API server's, so that events are missing. Others' requests are counted only. */
const ANSWERS = {
  accepted: { status: 200, says: 'ok' },
  wrongPath: { status: 404, says: 'not found' },
  wrongMethod: { status: 405, says: 'only POST' },
  wrongClient: { status: 401, says: 'the client is not known' },
  wrongType: { status: 415, says: 'only application/json, not compressed' },
  tooLong: { status: 413, says: 'the body is too long', lost: true },
  // The API server sends such a batch again.
  noRoom: { status: 429, says: 'too many bodies at a time' },
  badJson: { status: 400, says: 'the body is no JSON', lost: true },
  notAudit: { status: 400, says: 'the body is no Event or EventList of audit.k8s.io/v1', lost: true },
  notJudged: { status: 500, says: 'its events could not be judged', lost: true },
  brokenOff: { status: 400, says: 'the body broke off', lost: true },
  // No request came to be, and so none is answered.
  brokenTls: { status: 400, says: 'the TLS handshake failed' },
} as const satisfies Record<string, { status: number; says: string; lost?: true }>;

const MAX_BODY_BYTES = 12 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const END_TIMEOUT_MS = 5_000;

/**
 * Receives audit events as the API server's webhook backend sends them: batches over HTTPS, by one connection that stays open. Whatever is
 * wrong with a request is answered, counted, and of no consequence for others. Fails when it cannot listen, or the key does not fit.
 */
export async function serveAuditWebhook(options: AuditWebhookOptions): Promise<AuditWebhook> {
  const counts = Object.fromEntries(Object.keys(ANSWERS).map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  const count = (outcome: Outcome): void => {
    counts[outcome]++;
    const { says } = ANSWERS[outcome];
    if ('lost' in ANSWERS[outcome]) options.onLost(`a request to the audit webhook was refused: ${says}`);
  };
  const judge = requestJudge(options);
  const server = createServer(
    {
      cert: options.certificate,
      key: options.key,
      minVersion: 'TLSv1.2',
      requestTimeout: REQUEST_TIMEOUT_MS,
      // A wrong certificate is answered by a status, and counted, as a wrong token is.
      ...(options.clients.kind === 'certificate'
        ? { ca: options.clients.authority, requestCert: true, rejectUnauthorized: false }
        : {}),
    },
    (request, response) => {
      void judge(request).then((outcome) => {
        count(outcome);
        // An open connection would hold up the end.
        if (options.signal.aborted) response.setHeader('connection', 'close');
        answer(response, outcome);
      });
    },
  );
  server.on('tlsClientError', () => {
    count('brokenTls');
  });
  const port = await listen(server, options);
  return { port, stats: () => ({ ...counts }), finished: closed(server, options.signal) };
}

/** What is to be said of a request; the events of a good one are handed on. Never fails. */
function requestJudge(options: AuditWebhookOptions): (request: IncomingMessage) => Promise<Outcome> {
  const { path, clients, onEvents, maxBodyBytes = MAX_BODY_BYTES } = options;
  const budget = new BodyBudget(options.maxBufferedBytes ?? 2 * maxBodyBytes);
  const isKnown = proofCheck(clients);
  return async (request) => {
    const objection = objectionTo(request, path) ?? (isKnown(request) ? undefined : 'wrongClient');
    if (objection !== undefined) return objection;
    if (!isPlainJson(request)) return 'wrongType';
    const body = await readBody(request, { maxBytes: maxBodyBytes, budget });
    if (body.kind !== 'whole') return body.kind;
    const json = parsed(body.text);
    if (json === undefined) return 'badJson';
    if (!isAudit(json)) return 'notAudit';
    try {
      onEvents(json);
      return 'accepted';
    } catch {
      return 'notJudged';
    }
  };
}

function objectionTo({ url, method }: IncomingMessage, path: string): Outcome | undefined {
  // The API server adds ?timeout=30s.
  if (url?.split('?')[0] !== path) return 'wrongPath';
  return method === 'POST' ? undefined : 'wrongMethod';
}

function isPlainJson({ headers }: IncomingMessage): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' && (headers['content-encoding'] ?? 'identity') === 'identity';
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function isAudit(json: JsonValue): boolean {
  if (!isObject(json) || json['apiVersion'] !== 'audit.k8s.io/v1') return false;
  return json['kind'] === 'Event' || (json['kind'] === 'EventList' && Array.isArray(json['items']));
}

function answer(response: ServerResponse, outcome: Outcome): void {
  const { status, says } = ANSWERS[outcome];
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain');
  if (outcome === 'wrongMethod') response.setHeader('allow', 'POST');
  if (outcome === 'noRoom') response.setHeader('retry-after', '1');
  // What is left of a body that nobody reads must not be taken for the next request.
  if (!response.req.complete) response.setHeader('connection', 'close');
  response.end(`${says}\n`);
}

function listen(server: Server, { host, port }: AuditWebhookOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // What goes wrong with a single connection later is told to its own listeners.
      server.on('error', () => undefined);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function closed(server: Server, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const open = new Set<TLSSocket>();
    server.on('secureConnection', (socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
    const end = (): void => {
      const force = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, END_TIMEOUT_MS);
      server.close(() => {
        clearTimeout(force);
        resolve();
      });
      server.closeIdleConnections();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
