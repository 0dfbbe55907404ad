import { messageOf, type Channel, type NodeHandle } from '../../core/index.ts';
import type { RelayAnswer, RelayOrder } from '../agent/protocol.ts';
import { proberSocket } from '../probers.ts';
import type { ProberRef } from './prober-refs.ts';

/** One request to one prober. */
export interface Asked {
  readonly prober: ProberRef;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** What a prober said, or why nothing came back from it. */
export type Said<T> =
  | { readonly prober: ProberRef; readonly kind: 'answer'; readonly body: T }
  | { readonly prober: ProberRef; readonly kind: 'failure'; readonly why: string };

export interface AskOptions {
  /** What a prober may take to answer. */
  readonly timeoutMs: number;
  /** What to do where the `node` prober does not answer: ask its neighbours one by one (default), or give the node up. */
  readonly withoutRelay?: 'ask-each' | 'give-up';
}

/** Time for the way to the node and back, on top of what the prober itself may take. */
const WAY_MS = 5_000;

/**
 * Asks many probers at once. Entering a node costs more than all else, so each node is entered once: its `node` prober
 * passes the requests on to its neighbours. Where that one does not answer, the others are asked directly. Never fails:
 * a prober that does not answer says so in its place. Order as given.
 */
export async function askProbers<T>(
  channel: Channel,
  asked: readonly Asked[],
  options: AskOptions,
): Promise<readonly Said<T>[]> {
  const nodes = [...new Set(asked.map(({ prober }) => prober.node))];
  const said = await Promise.all(
    nodes.map((node) => {
      const group = asked.filter(({ prober }) => prober.node === node);
      return group.length === 1 ? askDirectly<T>(channel, group, options) : askNode<T>(channel, node, group, options);
    }),
  );
  const all = said.flat();
  return asked.map(({ prober }) => all.find((one) => one.prober === prober) ?? failed(prober, 'was not asked'));
}

async function askNode<T>(
  channel: Channel,
  node: NodeHandle,
  group: readonly Asked[],
  options: AskOptions,
): Promise<readonly Said<T>[]> {
  const order: RelayOrder = {
    requests: group.map(({ prober, method, path, body }) => ({
      socket: prober.socket,
      method,
      path,
      timeoutMs: options.timeoutMs + WAY_MS / 2,
      ...(body === undefined ? {} : { body }),
    })),
  };
  try {
    const answers = await channel.request<readonly RelayAnswer[]>({
      node,
      socket: proberSocket('node'),
      method: 'POST',
      path: '/relay',
      body: order,
      timeoutMs: options.timeoutMs + WAY_MS,
    });
    return group.map(({ prober }, index) => saidBy<T>(prober, answers[index]));
  } catch (error) {
    if (options.withoutRelay === 'give-up') return group.map(({ prober }) => failed(prober, messageOf(error)));
    return askDirectly(channel, group, options);
  }
}

function askDirectly<T>(channel: Channel, group: readonly Asked[], options: AskOptions): Promise<readonly Said<T>[]> {
  return Promise.all(
    group.map(async ({ prober, method, path, body }): Promise<Said<T>> => {
      try {
        const answer = await channel.request<T>({
          node: prober.node,
          socket: prober.socket,
          method,
          path,
          timeoutMs: options.timeoutMs + WAY_MS,
          ...(body === undefined ? {} : { body }),
        });
        return { prober, kind: 'answer', body: answer };
      } catch (error) {
        return failed(prober, messageOf(error));
      }
    }),
  );
}

function saidBy<T>(prober: ProberRef, answer: RelayAnswer | undefined): Said<T> {
  if (answer === undefined) return failed(prober, 'the relay left it out');
  if (answer.kind === 'failure') return failed(prober, answer.why);
  if (answer.status !== 200) return failed(prober, `HTTP ${String(answer.status)}: ${JSON.stringify(answer.body)}`);
  return { prober, kind: 'answer', body: answer.body as T };
}

function failed(prober: ProberRef, why: string): Extract<Said<never>, { kind: 'failure' }> {
  return { prober, kind: 'failure', why };
}
