import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { newNonce, prober } from '../../../../../network/agent/probe/prober.ts';
import { sourcePorts } from '../../../../../network/agent/probe/source-ports.ts';

const FIRST = 32_768;
const LAST = 60_999;
const after = (port: number): number => (port === LAST ? FIRST : port + 1);

describe('source ports of probes', () => {
  const open: Server[] = [];
  afterEach(() => Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

  async function listen(port: number, onPort: (port: number) => void = () => undefined): Promise<number> {
    const server = createServer((socket) => {
      onPort(socket.remotePort ?? 0);
      socket
        .on('error', () => undefined)
        .resume()
        .end('nobody\n');
    });
    open.push(server);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function probes(count: number, to: number): Promise<void> {
    const probe = prober();
    for (let left = count; left > 0; left -= 1) {
      const outcome = await probe(
        { kind: 'tcp', host: '127.0.0.1', port: to },
        { nonce: newNonce() },
        { timeoutMs: 2_000 },
      );
      expect(outcome).toMatchObject({ kind: 'failure', error: 'wrong-identity' });
    }
  }

  test('come in a ring: none comes again before all others', () => {
    const next = sourcePorts();
    const ports = Array.from({ length: LAST - FIRST + 1 }, next);
    expect(new Set(ports).size).toBe(ports.length);
    expect([Math.min(...ports), Math.max(...ports)]).toEqual([FIRST, LAST]);
    expect(next()).toBe(ports[0]);
  });

  test('are what the other end sees', async () => {
    const seen: number[] = [];
    const to = await listen(0, (port) => seen.push(port));
    await probes(3, to);
    expect(seen.slice(1)).toEqual(seen.slice(0, -1).map(after));
  });

  test('that belong to somebody else are passed over, and the path is not blamed', async () => {
    const seen: number[] = [];
    const to = await listen(0, (port) => seen.push(port));
    const probe = prober();
    const ask = () => probe({ kind: 'tcp', host: '127.0.0.1', port: to }, { nonce: newNonce() }, { timeoutMs: 2_000 });
    await ask();
    const next = after(seen[0] ?? 0);
    await listen(next);
    expect(await ask()).toMatchObject({ error: 'wrong-identity' });
    expect(seen[1]).toBe(after(next));
  });
});
