import { API_VERSION, messageOf, usageError, type NodeHandle } from '../core/index.ts';
import { CHANNEL_SOCKET } from './addon/paths.ts';
import type { NodeWhy, WhyQuestion } from './app/why-answer.ts';
import type { DetectorLab } from './client.ts';
import type { EventCounts } from './explain/obstacles.ts';
import type { ExplainedEvent, FulfilledEvent, RuleAnswer } from './explain/inquiry.ts';

/** Where and when an event of a lab happened. Each node numbers its events by itself. */
export interface Seen {
  readonly node: string;
  /** ISO 8601, UTC; absent for one that is no longer remembered. */
  readonly time?: string;
}

/** What `detector why --json` prints of a lab: the answer of all its nodes in one. */
export interface LiveWhyReport extends Omit<RuleAnswer, 'fulfilled' | 'explained'> {
  readonly apiVersion: string;
  readonly fulfilled: readonly (FulfilledEvent & { readonly seen: Seen })[];
  readonly explained: readonly (ExplainedEvent & { readonly seen: Seen })[];
  /** Nodes whose detector did not answer, and why. */
  readonly silent: readonly { readonly node: string; readonly why: string }[];
}

/** Explaining some thousand events takes about a second on a busy node. */
const TIMEOUT_MS = 30_000;
const MAX_EXPLAINED = 3;

/**
 * Says why a rule fired or not for what the detectors of a lab saw lately, under the rules that they run. Fails with
 * KubedrillError for a rule or an event that no detector knows, and when none answers.
 */
export async function explainLive(lab: DetectorLab, question: WhyQuestion): Promise<LiveWhyReport> {
  const replies = await Promise.all(lab.nodes.map((node) => askNode(lab, node, question)));
  const silent = replies.flatMap((reply) => (reply.kind === 'silent' ? [{ node: reply.node, why: reply.why }] : []));
  const answers = replies.flatMap((reply) => (reply.kind === 'answer' ? [reply] : []));
  const [first] = answers;
  if (first === undefined) throw noAnswer(replies, question);
  const { obstacles } = answers.reduce((best, { answer }) => (isBetter(answer, best) ? answer : best), first.answer);
  const events = answers.map(({ answer }) => answer.events).reduce(sum);
  const fulfilled = answers.flatMap((reply) =>
    reply.answer.fulfilled.map((one) => ({ ...one, seen: seen(reply, one) })),
  );
  const isFulfilled = fulfilled.length > 0 && question.at === undefined;
  const explained = answers
    .flatMap((reply) => reply.answer.explained.map((one) => ({ ...one, seen: seen(reply, one) })))
    .filter(({ verdict }) => !isFulfilled || verdict === 'true')
    .sort((a, b) => b.conditions.holding - a.conditions.holding || laterFirst(a.seen, b.seen))
    .slice(0, isFulfilled ? 1 : MAX_EXPLAINED);
  if (question.at !== undefined && explained.length === 0) throw noEvent(question.at, events);
  const fires = answers.some(({ answer }) => answer.fires);
  return { apiVersion: API_VERSION, ...first.answer, fires, obstacles, events, fulfilled, explained, silent };
}

type Answered = Extract<NodeWhy, { kind: 'answer' }>;
type Reply = NodeWhy | { readonly kind: 'silent'; readonly node: string; readonly why: string };

async function askNode({ channel }: DetectorLab, node: NodeHandle, { rule, at }: WhyQuestion): Promise<Reply> {
  const query = new URLSearchParams({ rule, ...(at === undefined ? {} : { at: String(at) }) });
  try {
    return await channel.request<NodeWhy>({
      node,
      socket: CHANNEL_SOCKET,
      method: 'GET',
      path: `/why?${query.toString()}`,
      timeoutMs: TIMEOUT_MS,
    });
  } catch (error) {
    return { kind: 'silent', node: node.name, why: messageOf(error) };
  }
}

/** What keeps a rule from firing is told by the node that has seen the most of what it looks at. */
function isBetter({ events: a }: RuleAnswer, { events: b }: RuleAnswer): boolean {
  return a.ofType - b.ofType > 0 || (a.ofType === b.ofType && a.ofSource > b.ofSource);
}

function sum(a: EventCounts, b: EventCounts): EventCounts {
  return { read: a.read + b.read, ofSource: a.ofSource + b.ofSource, ofType: a.ofType + b.ofType };
}

function seen({ node, times }: Answered, { event }: FulfilledEvent | ExplainedEvent): Seen {
  const time = times[event];
  return { node, ...(time === undefined ? {} : { time }) };
}

function laterFirst({ time: a = '' }: Seen, { time: b = '' }: Seen): number {
  return a < b ? 1 : a > b ? -1 : 0;
}

function noAnswer(replies: readonly Reply[], { rule }: WhyQuestion): Error {
  const unknown = replies.find((reply) => reply.kind === 'unknown-rule');
  if (unknown === undefined) {
    return usageError({
      what: 'no detector of the lab answers',
      why: replies.map((reply) => (reply.kind === 'silent' ? `${reply.node}: ${reply.why}` : '')).join('; '),
      hint: 'kubedrill status',
    });
  }
  return usageError({
    what: `there is no rule "${rule}" in the rules that the lab runs`,
    why: unknown.nearest.length === 0 ? 'no name is near it either' : `the nearest: ${unknown.nearest.join(', ')}`,
    hint: `kubedrill detector why "${unknown.nearest[0] ?? 'RULE'}"`,
  });
}

function noEvent(at: number, { read }: EventCounts): Error {
  return usageError({
    what: `there is no event ${String(at)}`,
    why: `none of the ${String(read)} events that the lab's nodes remember has that number (evt.num)`,
    hint: 'leave out --at to have the nearest misses explained',
  });
}
