import { createConnection, type Socket } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { FrameReader } from './frames.ts';
import { decodeMessage, type SensorMessage } from './messages.ts';

export interface SensorLinkOptions {
  /** Path of the sensor's Unix socket. */
  readonly socketPath: string;
  readonly clock: Clock;
  /** Gets every message, in order. */
  readonly onMessage: (message: SensorMessage) => void;
  /** A connection is up: answers what to ask the sensor for at once. */
  readonly onConnect: () => readonly Buffer[];
  /** One line on why there is no connection, whenever that changes. */
  readonly onTrouble: (why: string) => void;
  readonly signal: AbortSignal;
}

export interface SensorLink {
  /** Sends a request; false when there is no connection. */
  send(request: Buffer): boolean;
  /** Ends when the signal does, and not before. */
  readonly finished: Promise<void>;
}

const RECONNECT_MS = 250;

/** Keeps a connection to the sensor: connects, reads until the end, and connects again. */
export function linkSensor(options: SensorLinkOptions): SensorLink {
  let current: Socket | undefined;
  const keep = async (): Promise<void> => {
    let lastTrouble = '';
    while (!options.signal.aborted) {
      const why = await serve(options, (socket) => {
        current = socket;
        lastTrouble = '';
      });
      current = undefined;
      if (why !== lastTrouble) options.onTrouble(why);
      lastTrouble = why;
      await options.clock.sleep(RECONNECT_MS, options.signal).catch(() => undefined);
    }
  };
  return {
    send: (request) => {
      current?.write(request);
      return current !== undefined;
    },
    finished: keep(),
  };
}

/** One connection, from connecting to its end; answers why it ended. */
function serve(options: SensorLinkOptions, onUp: (socket: Socket) => void): Promise<string> {
  const reader = new FrameReader();
  const socket = createConnection(options.socketPath);
  return new Promise((resolve) => {
    const stop = (): void => void socket.destroy();
    options.signal.addEventListener('abort', stop, { once: true });
    let why = 'the sensor closed the connection';
    socket.on('connect', () => {
      onUp(socket);
      for (const request of options.onConnect()) socket.write(request);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of reader.push(chunk)) options.onMessage(decodeMessage(frame));
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.on('error', (error) => (why = messageOf(error)));
    socket.on('close', () => {
      options.signal.removeEventListener('abort', stop);
      resolve(why);
    });
  });
}
