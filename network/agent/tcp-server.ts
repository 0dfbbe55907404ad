import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { plainAddress } from './addresses.ts';
import { MAX_QUESTION_BYTES, answerTo, questionIn, questionInHeaders, type Identity } from './identity.ts';

/** A flow pings 20 times a second; whoever says nothing for so long is gone. */
const IDLE_MS = 60_000;
const MAX_CONNECTIONS = 4_000;
const OPEN_BRACE = 0x7b;

/**
 * The identity echo over TCP. A connection whose first byte is `{` speaks lines: a question a line, an answer a line, for
 * as long as the client likes, which serves single probes and long-lived flows. Anything else is HTTP.
 */
export function tcpIdentityServer(who: Identity): NetServer {
  const http = httpIdentityServer(who);
  const server = createServer({ noDelay: true }, (socket) => {
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    // A client that resets its connection is no concern of the server.
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      if (first[0] === OPEN_BRACE) {
        answerLines(who, socket, first);
        return;
      }
      socket.pause();
      socket.unshift(first);
      http.emit('connection', socket);
      // HTTP listens now, but a socket that was paused by hand does not begin to flow by itself.
      socket.resume();
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function answerLines(who: Identity, socket: Socket, first: Buffer): void {
  const observed = plainAddress(socket.remoteAddress ?? '');
  let rest = '';
  const read = (chunk: Buffer): void => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const question = questionIn(line);
      if (question === undefined) return void socket.destroy();
      socket.write(`${JSON.stringify(answerTo(who, question, observed))}\n`);
    }
    if (rest.length > MAX_QUESTION_BYTES) socket.destroy();
  };
  socket.on('data', read);
  read(first);
}

function httpIdentityServer(who: Identity): Server {
  return createHttpServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    request.resume();
    reply(who, request, response);
  });
}

function reply(who: Identity, request: IncomingMessage, response: ServerResponse): void {
  const answer = {
    ...answerTo(who, questionInHeaders(request.headers), plainAddress(request.socket.remoteAddress ?? '')),
    host: request.headers.host ?? '',
    path: request.url ?? '',
  };
  const body = `${JSON.stringify(answer)}\n`;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}
