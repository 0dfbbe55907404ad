import { request } from 'node:http';
import { answerIn } from '../identity.ts';
import { KEY_HEADER, NONCE_HEADER, type ProbeOutcome, type Question } from '../protocol.ts';
import { attempt, type Try } from './attempt.ts';
import { failure, failureOf, silence } from './failure.ts';
import { localEnd, type Destination } from './tcp-probe.ts';

const MAX_BODY_BYTES = 16_384;

export interface HttpDestination extends Destination {
  readonly hostHeader?: string;
  readonly path?: string;
}

/** One GET over a fresh connection. A 200 must be an identity's answer; any other status is told as such. */
export function probeHttp(to: HttpDestination, question: Question): Promise<ProbeOutcome> {
  let isConnected = false;
  const start: Try = (finish) => {
    const sent = request(
      {
        host: to.host,
        port: to.port,
        path: to.path ?? '/',
        agent: false,
        headers: headersOf(to, question),
        ...localEnd(to),
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          if (text.length < MAX_BODY_BYTES) text += chunk.toString('utf8');
        });
        response.on('end', () => finish(outcomeOf(response.statusCode ?? 0, text)));
        response.on('error', (error) => finish(failureOf(error)));
      },
    );
    sent.on('socket', (socket) => socket.on('connect', () => (isConnected = true)));
    sent.on('error', (error) => finish(failureOf(error)));
    sent.end();
    return () => sent.destroy();
  };
  return attempt(to.timeoutMs, start, () => silence(to.timeoutMs, isConnected));
}

function headersOf(to: HttpDestination, { nonce, keyId }: Question): Record<string, string> {
  return {
    ...(to.hostHeader === undefined ? {} : { host: to.hostHeader }),
    [NONCE_HEADER]: nonce,
    ...(keyId === undefined ? {} : { [KEY_HEADER]: keyId }),
    connection: 'close',
  };
}

function outcomeOf(status: number, text: string): ProbeOutcome {
  const detail = text.trim().slice(0, 120);
  if (status !== 200) return { kind: 'status', status, detail };
  const answer = answerIn(text);
  return answer === undefined
    ? failure('wrong-identity', `the answer is not an identity's: ${detail}`)
    : { kind: 'answer', answer, status };
}
