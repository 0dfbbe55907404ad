import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { openExec } from './exec-wire.ts';
import { HeldSession } from './held-session.ts';
import { openListener } from './listener-wire.ts';
import type { HoldListenerRequest, HoldShellRequest } from './protocol.ts';

/** Longest time for a session to get somewhere before the caller is told that it is still connecting. */
const SETTLE_MS = 15_000;
/** Longest time for what runs in a session to go when it is asked to. */
const LEAVE_MS = 2_000;

class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The keeper's Channel: `POST /shells`, `POST /listeners`, `GET /shells`, `GET|DELETE /shells/ID`, `POST /shells/ID/input`, and `GET /health`.
 * Errors are `{error}` with a 4xx status.
 */
export function keeperServer(health: () => object): Server {
  const sessions = new Map<string, HeldSession>();
  return createServer((request, response) => {
    answerTo(request, sessions, health).then(
      (answer) => send(response, 200, answer),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        send(response, error instanceof HttpError ? error.status : 400, { error: message });
      },
    );
  });
}

async function answerTo(
  request: IncomingMessage,
  sessions: Map<string, HeldSession>,
  health: () => object,
): Promise<unknown> {
  const [collection, id, action] = new URL(request.url ?? '/', 'http://keeper').pathname.slice(1).split('/');
  const route = `${request.method ?? ''} /${collection ?? ''}${id === undefined ? '' : '/ID'}${action === undefined ? '' : `/${action}`}`;
  switch (route) {
    case 'GET /health':
      return health();
    case 'GET /shells':
      return [...sessions.values()].map((session) => session.view());
    case 'POST /shells':
      return holdShell(sessions, (await bodyOf(request)) as HoldShellRequest);
    case 'POST /listeners':
      return holdListener(sessions, (await bodyOf(request)) as HoldListenerRequest);
    case 'GET /shells/ID':
      return known(sessions, id).view();
    case 'POST /shells/ID/input': {
      const session = known(sessions, id);
      session.type(((await bodyOf(request)) as { readonly text: string }).text);
      return session.view();
    }
    case 'DELETE /shells/ID':
      await sessions.get(id ?? '')?.end(LEAVE_MS);
      sessions.delete(id ?? '');
      return {};
    default:
      throw new HttpError(404, `no such thing: ${route}`);
  }
}

async function holdShell(sessions: Map<string, HeldSession>, request: HoldShellRequest): Promise<unknown> {
  const session = added(sessions, new HeldSession(request.id, 'shell'));
  openExec(session, request);
  await within(session.settled(), SETTLE_MS);
  return session.view();
}

async function holdListener(sessions: Map<string, HeldSession>, request: HoldListenerRequest): Promise<unknown> {
  const session = added(sessions, new HeldSession(request.id, 'listener'));
  await openListener(session, request.port);
  return session.view();
}

/** A closed session gives its id free; one that is held does not. */
function added(sessions: Map<string, HeldSession>, session: HeldSession): HeldSession {
  const before = sessions.get(session.id)?.view();
  if (before && before.state !== 'closed')
    throw new HttpError(409, `a session ${session.id} is ${before.state} already`);
  sessions.set(session.id, session);
  return session;
}

function known(sessions: Map<string, HeldSession>, id: string | undefined): HeldSession {
  const session = sessions.get(id ?? '');
  if (!session) throw new HttpError(404, `no session ${id ?? ''}`);
  return session;
}

function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}
