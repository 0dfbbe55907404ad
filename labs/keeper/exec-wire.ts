import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { HeldSession } from './held-session.ts';
import { identityOf } from './identity.ts';
import type { HoldShellRequest } from './protocol.ts';

/** Streams of the remote command protocol: the first byte of every message (Kubernetes, remotecommand v4/v5). */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const V5 = 'v5.channel.k8s.io';
const PROTOCOLS = [V5, 'v4.channel.k8s.io'];
/** Since v5, this and the number of a stream close that stream. */
const CLOSE = 255;
/**
 * What a person types to leave: Ctrl-D; where that was not the shell's, Ctrl-C for what runs in the foreground, and Ctrl-D again. Apart in
 * time, since Ctrl-C makes a terminal forget what was typed with it.
 */
const LEAVE = ['\x04', '\x03', '\x04'];
const BETWEEN_KEYS_MS = 400;

/** The API server drops a stream after four hours without data (streaming-connection-idle-timeout); pings are not data, but keep middle boxes awake. */
const PING_MS = 30_000;
/** What says nothing is open after this long without being refused; with a terminal, a prompt is worth waiting for. */
const QUIET_OPEN_MS = { none: 1_000, tty: 5_000 } as const;

/** Opens the exec or attach stream of a pod by WebSocket, and reports what comes of it to the session. */
export function openExec(session: HeldSession, request: HoldShellRequest): void {
  const { server, tls, headers } = identityOf(request.kubeconfig);
  const socket = new WebSocket(streamUrl(server, request), PROTOCOLS, { ...tls, headers });
  let pings: NodeJS.Timeout | undefined;
  const send = (text: string): void => socket.send(Buffer.concat([Buffer.from([STDIN]), Buffer.from(text)]));
  session.connected({
    send,
    hangUp: () => {
      if (request.terminal === 'tty')
        LEAVE.forEach((key, index) => void setTimeout(() => send(key), index * BETWEEN_KEYS_MS).unref());
      else if (socket.protocol === V5) socket.send(Buffer.from([CLOSE, STDIN]));
    },
    close: () => socket.close(),
  });
  socket.on('open', () => {
    pings = setInterval(() => socket.ping(), PING_MS);
    setTimeout(() => session.opened(), QUIET_OPEN_MS[request.terminal]).unref();
  });
  socket.on('message', (data) => received(session, data));
  socket.on('unexpected-response', (_request, response) => {
    void reasonOf(response).then((why) => {
      session.closed(why);
      socket.terminate();
    });
  });
  socket.on('error', (error) => session.closed(error.message));
  socket.on('close', (code, reason) => {
    clearInterval(pings);
    session.closed(reason.length > 0 ? reason.toString() : `the connection was closed (${String(code)})`);
  });
}

function streamUrl(server: URL, request: HoldShellRequest): URL {
  const url = new URL(server);
  url.protocol = server.protocol === 'http:' ? 'ws:' : 'wss:';
  url.pathname = `/api/v1/namespaces/${request.namespace}/pods/${request.pod}/${request.mode}`;
  const hasTerminal = request.terminal === 'tty';
  const query = new URLSearchParams({ stdin: 'true', stdout: 'true', tty: String(hasTerminal) });
  // With a terminal there is one stream out, and the API server refuses to be asked for two.
  query.set('stderr', String(!hasTerminal));
  if (request.container !== undefined) query.set('container', request.container);
  if (request.mode === 'exec') for (const word of request.command) query.append('command', word);
  url.search = query.toString();
  return url;
}

function received(session: HeldSession, message: Buffer): void {
  const stream = message[0];
  const text = message.subarray(1).toString();
  if (stream === STDOUT || stream === STDERR) {
    if (text !== '') session.said(text);
  } else if (stream === STATUS) session.closed(statusReason(text));
}

/** The command's end, as a Status object. */
function statusReason(text: string): string {
  try {
    const { status, message } = JSON.parse(text) as { readonly status?: string; readonly message?: string };
    return status === 'Success' ? 'the command ended' : (message ?? text);
  } catch {
    return text;
  }
}

async function reasonOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return `HTTP ${String(response.statusCode)}: ${statusReason(Buffer.concat(chunks).toString())}`;
}
