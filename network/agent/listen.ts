import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import { isIPv6, type AddressInfo, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { codeOf } from './probe/failure.ts';

/** Something that listens, and what ends it with everything that hangs on it. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** All addresses of both families when none is given. Fails when the port is taken. */
export async function listenTcp(server: Server, port: number, address?: string): Promise<Listener> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen({ port, ...(address === undefined ? {} : { host: address }) });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** As listenTcp; where the machine has no IPv6, IPv4 alone. */
export async function listenUdp(
  make: (family: 'udp4' | 'udp6') => UdpSocket,
  port: number,
  address?: string,
): Promise<Listener> {
  const families = address === undefined ? (['udp6', 'udp4'] as const) : ([isIPv6(address) ? 'udp6' : 'udp4'] as const);
  const bound = await bindFirst(families.map((family) => () => bind(make(family), port, address)));
  return {
    port: bound.address().port,
    close: async () => {
      const closed = once(bound, 'close');
      bound.close();
      await closed;
    },
  };
}

/** Listens on a Unix socket, in the place of one that was left behind. */
export async function listenUnix(server: HttpServer, path: string): Promise<Pick<Listener, 'close'>> {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  return {
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bindFirst(tries: readonly (() => Promise<UdpSocket>)[]): Promise<UdpSocket> {
  const [first, ...others] = tries;
  if (first === undefined) throw new Error('no address family to listen on');
  try {
    return await first();
  } catch (error) {
    if (others.length === 0 || !['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'].includes(codeOf(error))) throw error;
    return bindFirst(others);
  }
}

async function bind(socket: UdpSocket, port: number, address: string | undefined): Promise<UdpSocket> {
  socket.bind({ port, ...(address === undefined ? {} : { address }) });
  try {
    await once(socket, 'listening');
    // A client that is gone is reported here as an error, and is no reason to stop answering others.
    socket.on('error', () => undefined);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
