import { connect, type Socket } from 'node:net';
import { answerIn } from '../identity.ts';
import type { ProbeOutcome, Question } from '../protocol.ts';
import { attempt } from './attempt.ts';
import { failure, failureOf } from './failure.ts';
import type { Destination } from './tcp-probe.ts';

/** A flow that has been silent for so long is given up, as a client with keep-alives would. */
const GIVE_UP_MS = 30_000;
/** A connection that does not come about is tried anew, since the system's own next try may be many seconds away. */
const CONNECT_MS = 1_000;

/** One connection that stays open, with a question and an answer per `ping`. */
export interface Flow {
  /** Broken when the answer to this very ping does not come in time. */
  ping(question: Question, timeoutMs: number): Promise<ProbeOutcome>;
  /** How often the connection was lost and made anew. */
  breaks(): number;
  stop(): void;
}

interface Line {
  readonly socket: Socket;
  readonly waiting: Map<string, (outcome: ProbeOutcome) => void>;
  lastAnswerMs: number;
  isOpen: boolean;
}

/**
 * A long-lived flow. It is only made anew after the system has ended it, or after half a minute of silence: whether an
 * established flow survives is what it is for.
 */
export function flow(to: Omit<Destination, 'timeoutMs'>): Flow {
  let line: Line | undefined;
  let breaks = 0;
  let isStopped = false;
  const lose = (lost: Line, outcome: ProbeOutcome): void => {
    if (line !== lost) return;
    line = undefined;
    if (lost.isOpen) breaks += 1;
    for (const finish of lost.waiting.values()) finish(outcome);
    lost.socket.destroy();
  };
  const current = (): Line => {
    const limitMs = line?.isOpen === true ? GIVE_UP_MS : CONNECT_MS;
    if (line !== undefined && performance.now() - line.lastAnswerMs > limitMs) {
      lose(line, failure('timeout', `silent for ${String(limitMs / 1000)} s`));
    }
    line ??= openLine(to, lose);
    return line;
  };
  return {
    breaks: () => breaks,
    ping: (question, timeoutMs) =>
      attempt(timeoutMs, (finish) => {
        if (isStopped) throw new Error('the flow is stopped');
        return ask(current(), question, finish);
      }),
    stop: () => {
      isStopped = true;
      line?.socket.destroy();
    },
  };
}

function openLine(to: Omit<Destination, 'timeoutMs'>, lose: (line: Line, outcome: ProbeOutcome) => void): Line {
  const socket = connect({
    host: to.host,
    port: to.port,
    noDelay: true,
    ...(to.from === undefined ? {} : { localAddress: to.from }),
  });
  const line: Line = { socket, waiting: new Map(), lastAnswerMs: performance.now(), isOpen: false };
  let rest = '';
  socket.on('connect', () => (line.isOpen = true));
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) deliver(line, text);
  });
  socket.on('error', (error) => lose(line, failureOf(error)));
  socket.on('close', () => lose(line, failure('reset', 'the flow was closed from the other side')));
  return line;
}

function deliver(line: Line, text: string): void {
  const answer = answerIn(text);
  if (answer === undefined) return void line.socket.destroy();
  line.lastAnswerMs = performance.now();
  line.waiting.get(answer.nonce)?.({ kind: 'answer', answer });
}

function ask(line: Line, question: Question, finish: (outcome: ProbeOutcome) => void): () => void {
  line.waiting.set(question.nonce, finish);
  line.socket.write(`${JSON.stringify(question)}\n`);
  return () => line.waiting.delete(question.nonce);
}
