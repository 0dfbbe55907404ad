import { createServer } from 'node:net';
import type { HeldSession } from './held-session.ts';

/** Listens for one reverse shell: the first caller is the session, later ones are turned away. Resolves when it listens. */
export function openListener(session: HeldSession, port: number): Promise<void> {
  const server = createServer((socket) => {
    server.close();
    session.connected({ send: (text) => socket.write(text), close: () => socket.destroy() });
    session.opened();
    socket.on('data', (data: Buffer) => session.said(data.toString()));
    socket.on('error', (error) => session.closed(error.message));
    socket.on('close', () => session.closed('the caller hung up'));
  });
  session.connected({ send: () => undefined, close: () => server.close() });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      session.closed(error.message);
      reject(error);
    });
    server.listen({ port, host: '::' }, resolve);
  });
}
