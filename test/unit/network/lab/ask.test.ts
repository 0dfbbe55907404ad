import type { Channel, ChannelRequest, NodeHandle } from '../../../../core/index.ts';
import type { RelayAnswer, RelayOrder } from '../../../../network/agent/protocol.ts';
import { askProbers, type Asked } from '../../../../network/lab/ask.ts';
import { probersOf } from '../../../../network/lab/prober-refs.ts';

const node = (name: string, role: NodeHandle['role'] = 'worker'): NodeHandle => ({
  name,
  role,
  addresses: { ipv4: '172.18.0.2' },
  exec: () => Promise.reject(new Error('not used')),
});
const LAB = { nodes: [node('a'), node('b')], keeper: node('lab-keeper', 'keeper') };
const ASKED: readonly Asked[] = probersOf(LAB).map((prober) => ({ prober, method: 'GET', path: '/healthz' }));

describe('asking probers', () => {
  test('enters each node once, and gives the answers in the order of the questions', async () => {
    const { channel, requests } = channelThat((request) =>
      relayed(request, (socket) => ({ kind: 'answer', status: 200, body: { socket, node: request.node.name } })),
    );
    const said = await askProbers<{ socket: string; node: string }>(channel, ASKED, { timeoutMs: 100 });
    expect(requests.map((request) => `${request.node.name} ${request.socket} ${request.path}`).sort()).toEqual([
      'a probe-node.sock /relay',
      'b probe-node.sock /relay',
      'lab-keeper probe-ext.sock /healthz',
    ]);
    expect(said.slice(0, 5).map((one) => one.kind === 'answer' && `${one.body.node} ${one.body.socket}`)).toEqual([
      'a probe-pod-a.sock',
      'a probe-pod-b.sock',
      'a probe-host.sock',
      'a probe-node.sock',
      'b probe-pod-a.sock',
    ]);
  });

  test('asks the others one by one where the node prober is dead', async () => {
    const { channel, requests } = channelThat((request) => {
      if (request.socket === 'probe-node.sock' && request.node.name === 'a') throw new Error('nobody listens');
      return relayed(request, () => ({ kind: 'answer', status: 200, body: {} }));
    });
    const said = await askProbers(channel, ASKED, { timeoutMs: 100 });
    expect(said.filter(({ kind }) => kind === 'failure').map(({ prober }) => prober.name)).toEqual(['a/node']);
    expect(requests.filter((request) => request.node.name === 'a')).toHaveLength(5);
  });

  test('gives a node up instead, when told to', async () => {
    const { channel, requests } = channelThat(() => {
      throw new Error('nobody listens');
    });
    const said = await askProbers(channel, ASKED, { timeoutMs: 100, withoutRelay: 'give-up' });
    expect(said.every((one) => one.kind === 'failure' && one.why === 'nobody listens')).toBe(true);
    expect(requests).toHaveLength(3);
  });

  test('keeps the failure of one prober its own', async () => {
    const { channel } = channelThat((request) =>
      relayed(request, (socket) => {
        if (socket === 'probe-pod-a.sock') return { kind: 'failure', why: 'connect ENOENT' };
        if (socket === 'probe-pod-b.sock') return { kind: 'answer', status: 500, body: { error: 'broken' } };
        return { kind: 'answer', status: 200, body: {} };
      }),
    );
    const said = await askProbers(channel, ASKED.slice(0, 4), { timeoutMs: 100 });
    expect(said.map((one) => (one.kind === 'failure' ? one.why : 'ok'))).toEqual([
      'connect ENOENT',
      'HTTP 500: {"error":"broken"}',
      'ok',
      'ok',
    ]);
  });
});

function channelThat(answer: (request: ChannelRequest) => unknown): {
  readonly channel: Channel;
  readonly requests: ChannelRequest[];
} {
  const requests: ChannelRequest[] = [];
  const request = async <T>(asked: ChannelRequest): Promise<T> => {
    requests.push(asked);
    return answer(asked) as T;
  };
  return { channel: { request }, requests };
}

function relayed(request: ChannelRequest, each: (socket: string) => RelayAnswer): unknown {
  if (request.path !== '/relay') return { socket: request.socket, node: request.node.name };
  return (request.body as RelayOrder).requests.map(({ socket }) => each(socket));
}
