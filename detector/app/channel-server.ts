import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AlertStore } from '../output/alert-store.ts';
import { messageOf } from '../../core/errors.ts';
import type { ReloadStats } from './live-configuration.ts';
import type { DetectorStats } from './report.ts';
import { answerHealth, answerMetrics, type StatusSource } from './status-answers.ts';
import type { NodeWhy, WhyQuestion } from './why-answer.ts';

export interface ChannelServerOptions extends StatusSource {
  readonly socketPath: string;
  readonly run: string;
  readonly node: string;
  readonly store: AlertStore;
  readonly stats: () => DetectorStats;
  readonly reload: () => ReloadStats;
  readonly why: (question: WhyQuestion) => Promise<NodeWhy>;
}

const MAX_WAIT_MS = 25_000;

/**
 * Serves the Channel on a Unix socket: `GET /alerts?since=N[&waitMs=M]` (waits up to M for a first one), `GET /stats`,
 * `GET /why?rule=NAME[&at=N]` (why a rule fired or not for the recent events), `GET /metrics` (for Prometheus),
 * `GET /healthz` (503 with the reasons while something is not up).
 */
export async function serveChannel(options: ChannelServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    answer(options, request, response);
  });
  await rm(options.socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.socketPath, resolve);
  });
  // The CLI comes as root of the node; nobody else has to get in.
  await chmod(options.socketPath, 0o600);
  return server;
}

function answer(options: ChannelServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://channel');
  if (request.method !== 'GET') {
    send(response, 405, { error: `${String(request.method)} is not served here` });
    return;
  }
  switch (url.pathname) {
    case '/alerts':
      answerAlerts(options, url, response);
      return;
    case '/stats':
      send(response, 200, options.stats());
      return;
    case '/why':
      answerWhy(options, url, response);
      return;
    case '/healthz':
      answerHealth(options, response);
      return;
    case '/metrics':
      answerMetrics(options, response);
      return;
    default:
      send(response, 404, { error: `nothing is served at ${url.pathname}` });
  }
}

function answerWhy({ why }: ChannelServerOptions, url: URL, response: ServerResponse): void {
  const rule = url.searchParams.get('rule') ?? '';
  const given = url.searchParams.get('at');
  const at = given === null ? undefined : wholeNumber(given);
  if (rule === '' || (given !== null && at === undefined)) {
    send(response, 400, { error: 'rule is the name of one, and at a whole number' });
    return;
  }
  why({ rule, ...(at === undefined ? {} : { at }) }).then(
    (answer) => {
      send(response, 200, answer);
    },
    (error: unknown) => {
      send(response, 500, { error: messageOf(error) });
    },
  );
}

function answerAlerts(options: ChannelServerOptions, url: URL, response: ServerResponse): void {
  const since = wholeNumber(url.searchParams.get('since') ?? '0');
  const waitMs = wholeNumber(url.searchParams.get('waitMs') ?? '0');
  if (since === undefined || waitMs === undefined) {
    send(response, 400, { error: 'since and waitMs are whole numbers' });
    return;
  }
  const reply = (): void => sendAlerts(options, since, response);
  if (waitMs === 0 || options.store.next > since + 1) {
    reply();
    return;
  }
  const giveUp = setTimeout(
    () => {
      forget();
      reply();
    },
    Math.min(waitMs, MAX_WAIT_MS),
  );
  const forget = options.store.onceAdded(() => {
    clearTimeout(giveUp);
    reply();
  });
  response.on('close', () => {
    clearTimeout(giveUp);
    forget();
  });
}

/** The stored lines are JSON already and go out as they are. */
function sendAlerts({ store, run, node, reload }: ChannelServerOptions, since: number, response: ServerResponse): void {
  const { generation, refusal } = reload();
  const head = JSON.stringify({
    run,
    node,
    oldest: store.oldest,
    next: store.next,
    generation,
    refusal: refusal?.says,
  });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`${head.slice(0, -1)},"alerts":[${store.since(since).join(',')}]}\n`);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
