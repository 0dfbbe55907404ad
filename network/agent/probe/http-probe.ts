import { request as requestPlain, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { answerIn } from '../identity.ts';
import { KEY_HEADER, NONCE_HEADER, type ProbeOutcome, type Question, type TlsWanted } from '../protocol.ts';
import { attempt, type Try } from './attempt.ts';
import { failure, failureOf, silence } from './failure.ts';
import { tellSource } from './own-end.ts';
import { localEnd, type Destination } from './tcp-probe.ts';

const MAX_BODY_BYTES = 16_384;

export interface HttpDestination extends Destination {
  readonly hostHeader?: string;
  readonly path?: string;
  readonly tls?: TlsWanted;
}

/**
 * One GET over a fresh connection. A 200 must be an identity's answer; any other status is told as such. Where the certificate is
 * checked it is the proof, and every status is told with it.
 */
export function probeHttp(to: HttpDestination, question: Question): Promise<ProbeOutcome> {
  let isConnected = false;
  const start: Try = (finish) => {
    const sent = requestOver(to, question, (response) => {
      const certificate = to.tls?.ca === undefined ? undefined : commonNameOf(response.socket);
      let text = '';
      response.on('data', (chunk: Buffer) => {
        if (text.length < MAX_BODY_BYTES) text += chunk.toString('utf8');
      });
      response.on('end', () => finish(outcomeOf(response.statusCode ?? 0, text, certificate)));
      response.on('error', (error) => finish(failureOf(error)));
    });
    sent.on('socket', (socket: Socket) => {
      tellSource(socket, to.onSource);
      socket.on('connect', () => (isConnected = true));
    });
    sent.on('error', (error) => finish(failureOf(error)));
    sent.end();
    return () => sent.destroy();
  };
  return attempt(to.timeoutMs, start, () => silence(to.timeoutMs, isConnected));
}

function requestOver(
  to: HttpDestination,
  question: Question,
  onResponse: (response: IncomingMessage) => void,
): ClientRequest {
  const options: RequestOptions = {
    host: to.host,
    port: to.port,
    path: to.path ?? '/',
    agent: false,
    headers: headersOf(to, question),
    ...localEnd(to),
  };
  if (to.tls === undefined) return requestPlain(options, onResponse);
  const { serverName: servername, ca } = to.tls;
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
  return requestTls({ ...options, servername, ...trust }, onResponse);
}

function commonNameOf(socket: Socket): string {
  if (!(socket instanceof TLSSocket)) return '';
  const { CN = '' } = socket.getPeerCertificate().subject;
  return Array.isArray(CN) ? CN.join(', ') : CN;
}

function headersOf(to: HttpDestination, { nonce, keyId }: Question): Record<string, string> {
  return {
    ...(to.hostHeader === undefined ? {} : { host: to.hostHeader }),
    [NONCE_HEADER]: nonce,
    ...(keyId === undefined ? {} : { [KEY_HEADER]: keyId }),
    connection: 'close',
  };
}

function outcomeOf(status: number, text: string, certificate: string | undefined): ProbeOutcome {
  const detail = text.trim().slice(0, 120);
  if (certificate !== undefined) return { kind: 'status', status, detail, certificate };
  if (status !== 200) return { kind: 'status', status, detail };
  const answer = answerIn(text);
  return answer === undefined
    ? failure('wrong-identity', `the answer is not an identity's: ${detail}`)
    : { kind: 'answer', answer, status };
}
