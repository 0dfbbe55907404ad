import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** A request that cannot be served; its text goes back with status 400. */
export class BadRequest extends Error {}

interface ControlRequest {
  readonly query: URLSearchParams;
  /** The JSON body; undefined without one. */
  readonly body: unknown;
}

/** Handlers by method and path, e.g. `POST /probe`; each gives what is answered as JSON. */
export type ControlRoutes = Readonly<Record<string, (request: ControlRequest) => unknown>>;

/** The prober's side of the Channel: HTTP with JSON over a Unix socket. Not yet listening. */
export function controlServer(routes: ControlRoutes): Server {
  return createServer((request, response) => void serve(routes, request, response));
}

async function serve(routes: ControlRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://channel');
    const handler = routes[`${request.method ?? ''} ${url.pathname}`];
    if (handler === undefined) {
      reply(response, 404, { error: `there is no ${url.pathname} here` });
      return;
    }
    const body = await bodyOf(request);
    reply(response, 200, (await handler({ query: url.searchParams, body })) ?? {});
  } catch (error) {
    const status = error instanceof BadRequest ? 400 : 500;
    reply(response, status, { error: error instanceof Error ? error.message : String(error) });
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new BadRequest('the body is too long');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadRequest('the body is not JSON');
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
