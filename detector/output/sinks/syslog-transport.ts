import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createConnection, isIPv6, type Socket } from 'node:net';
import { messageOf } from '../../../core/errors.ts';
import { FedProgram } from '../fed-program.ts';
import { untilAborted } from '../until-aborted.ts';

/** Takes one syslog message at a time; rejects when it could not be sent. */
export interface Transport {
  send(message: Buffer, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** How messages are told apart on a stream (RFC 6587): by their length before each, or by line ends. */
export type Framing = 'octets' | 'lines';

interface Place {
  readonly host: string;
  readonly port: number;
}

/** One message a datagram (RFC 5426). That nobody listens is not always found out. */
export function datagramTransport({ host, port }: Place): Transport {
  let socket: DatagramSocket | undefined;
  const open = (): DatagramSocket => {
    const opened = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    opened.on('error', () => undefined);
    opened.unref();
    return opened;
  };
  return {
    send: (message, signal) => {
      const from = (socket ??= open());
      const sent = new Promise<void>((resolve, reject) => {
        from.send(message, port, host, (error) => (error ? reject(error) : resolve()));
      });
      return untilAborted(sent, signal, `${host} was not resolved in time`);
    },
    close: async () => {
      socket?.close();
      socket = undefined;
    },
  };
}

export function tcpTransport(place: Place, framing: Framing): Transport {
  return streamTransport(() => createConnection(place), framing);
}

/**
 * A stream to a Unix socket, or datagrams where the daemon has a datagram socket, as /dev/log mostly is. Node.js cannot
 * send those; the system's Perl, which is part of every Debian, does it.
 */
export function unixTransport(path: string, framing: Framing): Transport {
  const stream = streamTransport(() => createConnection(path), framing);
  const datagrams = new FedProgram(['perl', '-e', SEND_DATAGRAMS, path]);
  let isDatagram = false;
  return {
    send: async (message, signal) => {
      if (!isDatagram) {
        try {
          await stream.send(message, signal);
          return;
        } catch (error) {
          if ((error as { readonly code?: string }).code !== 'EPROTOTYPE') throw error;
          isDatagram = true;
        }
      }
      await datagrams.write(`${oneLine(message)}\n`, signal);
    },
    close: async () => {
      await stream.close();
      datagrams.end();
    },
  };
}

/** Reads lines and sends each as a datagram; ends with the first that cannot be sent, and says why. */
const SEND_DATAGRAMS = `use Socket; my $s;
socket($s, PF_UNIX, SOCK_DGRAM, 0) and connect($s, pack_sockaddr_un($ARGV[0])) or die "$ARGV[0]: $!\\n";
while (<STDIN>) { chomp; defined send($s, $_, 0) or die "$ARGV[0]: $!\\n"; }`;

function oneLine(message: Buffer): string {
  return message.toString('utf8').replace(/\n/g, ' ');
}

function streamTransport(connect: () => Socket, framing: Framing): Transport {
  let socket: Socket | undefined;
  return {
    send: async (message, signal) => {
      try {
        if (socket === undefined || socket.destroyed || socket.readableEnded) {
          socket?.destroy();
          socket = await connected(connect(), signal);
        }
        await written(socket, framed(message, framing), signal);
      } catch (error) {
        socket?.destroy();
        socket = undefined;
        throw error;
      }
    },
    close: async () => {
      socket?.end();
      socket = undefined;
    },
  };
}

function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  socket.unref();
  const connecting = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    // Stays, so that a connection which breaks while nothing is sent does not end the engine.
    socket.on('error', reject);
    // What a daemon answers is read, so that its end of the connection is noticed.
    socket.resume();
  });
  return untilAborted(connecting, signal, 'no connection in time').catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
}

function written(socket: Socket, bytes: Buffer, signal: AbortSignal): Promise<void> {
  const writing = new Promise<void>((resolve, reject) => {
    const onClose = (): void => reject(new Error('the receiver closed the connection'));
    socket.once('close', onClose);
    socket.write(bytes, (error) => {
      socket.removeListener('close', onClose);
      if (error) reject(new Error(messageOf(error)));
      else resolve();
    });
  });
  return untilAborted(writing, signal, 'the receiver takes nothing');
}

function framed(message: Buffer, framing: Framing): Buffer {
  if (framing === 'lines') return Buffer.from(`${oneLine(message)}\n`);
  return Buffer.concat([Buffer.from(`${String(message.length)} `), message]);
}
