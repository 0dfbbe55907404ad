import { nodeChannel } from '../../../labs/channel.ts';
import { nodeHandle } from '../../../labs/node-handle.ts';
import { scriptedRunner, type Expected } from '../../support/scripted-runner.ts';

function lab(expected: Expected) {
  const runner = scriptedRunner(expected);
  const node = nodeHandle(runner, { name: 'lab-worker', role: 'worker', addresses: { ipv4: '172.18.0.3' } });
  return { runner, request: { node, socket: 'probe-a.sock', path: '/samples?since=12' } as const };
}

describe('the channel', () => {
  test("speaks to the socket through the engine's exec into the node", async () => {
    const { runner, request } = lab({ command: /^docker exec lab-worker curl /, stdout: '{"samples":[1]}\n200' });
    expect(await nodeChannel().request({ ...request, method: 'GET' })).toEqual({ samples: [1] });
    expect(runner.calls[0]).toContain('--unix-socket /run/kubedrill/probe-a.sock --request GET');
    expect(runner.calls[0]).toContain("'http://channel/samples?since=12'");
  });

  test('sends a body as JSON on standard input, so that no secret is on a command line', async () => {
    const { runner, request } = lab({ command: /^docker exec --interactive lab-worker curl /, stdout: '\n204' });
    const body = { key: 'secret' };
    expect(await nodeChannel().request({ ...request, method: 'POST', body })).toBeUndefined();
    expect(runner.options[0]?.input).toBe('{"key":"secret"}');
    expect(runner.calls[0]).not.toContain('secret');
  });

  test.each([
    [
      'nobody listens',
      { exitCode: 7, stderr: "curl: (7) Couldn't connect to server" },
      'did not answer',
      "curl: (7) Couldn't connect to server",
    ],
    [
      'the node is gone',
      { exitCode: 1, stderr: 'Error response from daemon: No such container: lab-worker' },
      'did not answer',
      'No such container',
    ],
    ['it refuses', { stdout: '{"error":"no meter is running"}\n409' }, 'refused', 'HTTP 409 no meter is running'],
    ['it talks no JSON', { stdout: 'hello\n200' }, 'sent no JSON', 'hello'],
  ])('says in three lines when %s', async (_case, answer, verb, why) => {
    const { request } = lab({ command: /^docker exec/, ...answer });
    await expect(nodeChannel().request({ ...request, method: 'GET' })).rejects.toMatchObject({
      what: `probe-a.sock on lab-worker ${verb} (GET /samples?since=12)`,
      why: expect.stringContaining(why),
      hint: 'kubedrill status',
    });
  });
});
