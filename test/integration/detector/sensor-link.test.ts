import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, systemClock, waitFor } from '../../../core/index.ts';
import { encodeFrame, FrameKind } from '../../../detector/source/frames.ts';
import { encodeSnapshotRequest } from '../../../detector/source/messages.ts';
import { encodeRecord } from '../../../detector/source/record.ts';
import { linkSensor, type SensorLink } from '../../../detector/source/sensor-link.ts';

describe('the connection to the sensor', () => {
  let folder: string;
  let socketPath: string;
  let server: Server | undefined;
  let connections: { readonly socket: Socket; received: Buffer }[];
  let stop: AbortController;
  let link: SensorLink;
  let seen: string[];
  let troubles: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-link-'));
    socketPath = join(folder, 'sensor.sock');
    connections = [];
    seen = [];
    troubles = [];
    stop = new AbortController();
  });

  afterEach(async () => {
    stop.abort();
    await link.finished;
    await closeServer();
    await rm(folder, { recursive: true });
  });

  async function openServer(): Promise<void> {
    server = createServer((socket) => {
      const connection = { socket, received: Buffer.alloc(0) };
      connections.push(connection);
      socket.on('data', (chunk) => (connection.received = Buffer.concat([connection.received, Buffer.from(chunk)])));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server?.listen(socketPath, resolve));
  }

  async function closeServer(): Promise<void> {
    for (const { socket } of connections) socket.destroy();
    if (server?.listening === true) await new Promise((resolve) => server?.close(resolve));
  }

  function start(): void {
    link = linkSensor({
      socketPath,
      clock: { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(5, signal) },
      signal: stop.signal,
      onMessage: ({ kind }) => seen.push(kind),
      onConnect: () => [Buffer.from('hello ')],
      onTrouble: (why) => troubles.push(why),
    });
  }

  function until(what: string, isTrue: () => boolean): Promise<void> {
    return waitFor(() => Promise.resolve(isTrue() ? done(undefined) : notYet(JSON.stringify({ seen, troubles }))), {
      what,
      timeoutMs: 20_000,
      intervalMs: 5,
    });
  }

  test('hands on messages, asks what it was told to ask first, and sends requests', async () => {
    await openServer();
    start();
    await until('the connection', () => connections.length === 1);
    connections[0]?.socket.write(encodeFrame(FrameKind.event, encodeRecord({ type: 'execve' })));
    await until('the message', () => seen.length === 1);
    expect(seen).toEqual(['event']);
    expect(link.send(encodeSnapshotRequest())).toBe(true);
    const expected = Buffer.concat([Buffer.from('hello '), encodeSnapshotRequest()]);
    await until('the request', () => connections[0]?.received.equals(expected) === true);
  });

  test('waits for a sensor that is not there yet, and tells so once', async () => {
    start();
    expect(link.send(encodeSnapshotRequest())).toBe(false);
    await until('the trouble', () => troubles.length > 0);
    await openServer();
    await until('the connection', () => connections.length === 1);
    expect(troubles).toEqual([expect.stringContaining('ENOENT')]);
  });

  test('connects again, and asks again, when the sensor has gone; tells each time', async () => {
    await openServer();
    start();
    for (let n = 1; n <= 2; n++) {
      await until(`connection ${String(n)}`, () => connections[n - 1]?.received.toString() === 'hello ');
      connections[n - 1]?.socket.end();
    }
    await until('a third connection', () => connections.length === 3);
    expect(troubles).toEqual(['the sensor closed the connection', 'the sensor closed the connection']);
  });

  test('gives up a connection whose bytes make no sense', async () => {
    await openServer();
    start();
    await until('the connection', () => connections.length === 1);
    connections[0]?.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    await until('another connection', () => connections.length >= 2);
    expect(troubles[0]).toContain('protocol version');
    expect(seen).toEqual([]);
  });
});
