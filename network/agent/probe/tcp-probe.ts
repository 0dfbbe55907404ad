import { connect } from 'node:net';
import { answerIn } from '../identity.ts';
import type { ProbeOutcome, Question } from '../protocol.ts';
import { attempt, type Try } from './attempt.ts';
import { failure, failureOf, silence } from './failure.ts';
import { tellSource, type OnSource } from './own-end.ts';

/** More than any answer has. */
const MAX_ANSWER_BYTES = 16_384;

export interface Destination {
  readonly host: string;
  readonly port: number;
  /** Source address, where it is not left to the routing table. */
  readonly from?: string;
  /** Source port; the system's choice when absent. */
  readonly fromPort?: number;
  readonly timeoutMs: number;
  readonly onSource?: OnSource;
}

/** One fresh connection, one question, one answer. */
export function probeTcp(to: Destination, question: Question): Promise<ProbeOutcome> {
  let isConnected = false;
  const start: Try = (finish) => {
    const socket = connect({
      host: to.host,
      port: to.port,
      noDelay: true,
      ...localEnd(to),
    });
    tellSource(socket, to.onSource);
    let text = '';
    socket.on('connect', () => {
      isConnected = true;
      socket.write(`${JSON.stringify(question)}\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n') || text.length > MAX_ANSWER_BYTES) finish(lineOutcome(text));
    });
    socket.on('error', (error) => finish(failureOf(error)));
    socket.on('close', () => finish(failure('reset', 'the connection was closed without an answer')));
    return () => socket.destroy();
  };
  return attempt(to.timeoutMs, start, () => silence(to.timeoutMs, isConnected));
}

/** The client's end of a connection, as options of `connect`. */
export function localEnd({ from, fromPort }: Pick<Destination, 'from' | 'fromPort'>): {
  readonly localAddress?: string;
  readonly localPort?: number;
} {
  return {
    ...(from === undefined ? {} : { localAddress: from }),
    ...(fromPort === undefined ? {} : { localPort: fromPort }),
  };
}

/** What the first line of a text says. */
function lineOutcome(text: string): ProbeOutcome {
  const line = text.split('\n')[0] ?? '';
  const answer = answerIn(line);
  return answer === undefined
    ? failure('wrong-identity', `the answer is not a prober's: ${line.slice(0, 80)}`)
    : { kind: 'answer', answer };
}
