import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isIP } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { ProbeOutcome } from '../protocol.ts';
import { attempt } from './attempt.ts';
import { failure } from './failure.ts';

/** Into the mount namespace of the node's first process: its nsswitch.conf, hosts, resolv.conf and C library. */
const INTO_NODE = ['nsenter', '-t', '1', '-m', '--'] as const;

/** Answers each name that it reads with one line: exit code, then what getent said. */
const LOOP = 'set -f; while IFS= read -r name; do out=$(getent ahosts -- "$name" 2>&1); echo $? $out; done';

/** 20 lookups a second that hang for a second each, and some to spare. */
const MAX_WORKERS = 24;
const NOT_FOUND = 2;

/** Asks the node's own resolver for addresses. */
export interface NodeResolver {
  lookUp(name: string, timeoutMs: number): Promise<ProbeOutcome>;
  stop(): void;
}

interface Worker {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  answer: ((line: string) => void) | undefined;
}

/**
 * The node's own resolver through `getent ahosts`, in shells that stay: starting nsenter for each of 20 lookups a second
 * would cost more than all other probes together. A shell whose lookup hangs is left to it, and another one is started.
 */
export function nodeResolver(into: readonly string[] = INTO_NODE): NodeResolver {
  const workers = new Set<Worker>();
  const idle: Worker[] = [];
  const take = (): Worker | undefined => idle.pop() ?? (workers.size < MAX_WORKERS ? startWorker() : undefined);
  const startWorker = (): Worker => {
    const worker = newWorker(into, () => workers.delete(worker));
    workers.add(worker);
    return worker;
  };
  return {
    lookUp: (name, timeoutMs) => {
      if (!/^[a-z0-9][a-z0-9.-]*$/i.test(name)) return Promise.resolve(failure('dns-nxdomain', `${name} is no name`));
      const worker = take();
      if (worker === undefined) return Promise.resolve(failure('dns-no-answer', 'every lookup of this node hangs'));
      return ask(worker, name, timeoutMs, () => idle.push(worker));
    },
    stop: () => {
      for (const { child } of workers) child.kill('SIGKILL');
    },
  };
}

function newWorker(into: readonly string[], onEnd: () => void): Worker {
  const [file, ...args] = [...into, 'sh', '-c', LOOP];
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    // The C library's shortest: a probe waits less than a second anyway, and a hanging one holds up its shell.
    env: { PATH: process.env['PATH'] ?? '', RES_OPTIONS: 'timeout:1 attempts:1' },
  });
  const worker: Worker = { child, answer: undefined };
  const end = (): void => {
    onEnd();
    worker.answer?.('ended');
  };
  child.once('error', end);
  child.once('exit', end);
  child.stdin.on('error', () => undefined);
  createInterface(child.stdout).on('line', (line) => worker.answer?.(line));
  return worker;
}

function ask(worker: Worker, name: string, timeoutMs: number, release: () => void): Promise<ProbeOutcome> {
  const silence = failure('dns-no-answer', `getent did not answer within ${String(timeoutMs)} ms`);
  return attempt(
    timeoutMs,
    (finish) => {
      worker.answer = (line) => {
        worker.answer = undefined;
        finish(outcomeOf(line, name));
        if (line !== 'ended') release();
      };
      worker.child.stdin.write(`${name}\n`);
      return () => undefined;
    },
    () => silence,
  );
}

function outcomeOf(line: string, name: string): ProbeOutcome {
  if (line === 'ended') return failure('prober-down', 'the node could not be entered for a lookup');
  const [code, ...words] = line.split(' ');
  if (code === '0') return { kind: 'records', records: [...new Set(words.filter((word) => isIP(word) !== 0))].sort() };
  // getent does not say whether the name does not exist or nobody answered.
  if (Number(code) === NOT_FOUND) return failure('dns-no-answer', `getent finds no address for ${name}`);
  return failure('dns-servfail', `getent ${name}: exit code ${line}`);
}
