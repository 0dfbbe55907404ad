import type { NodeHandle } from '../../../../core/index.ts';
import { askDns } from '../../../../scenarios/cluster/dns-query.ts';

/** A node on which the server answers as told; it keeps the question that was asked. */
function nodeWith(answer: (question: Buffer) => Buffer): { readonly node: NodeHandle; readonly asked: () => Buffer } {
  let question = Buffer.alloc(0);
  const exec = async (argv: readonly string[]): Promise<object> => {
    question = Buffer.from((argv.at(-1) ?? '').replaceAll(String.raw`\x`, ''), 'hex');
    return { exitCode: 0, stdout: answer(question).toString('base64'), stderr: '' };
  };
  return { node: { name: 'lab-worker', exec } as unknown as NodeHandle, asked: () => question };
}

/** An answer as a server would write it: flags, the question without its options, then records that point back at the name. */
function answerTo(
  question: Buffer,
  code: number,
  records: readonly (readonly [type: number, data: readonly number[]])[],
): Buffer {
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt8(0x81, 2);
  header.writeUInt8(0x80 | code, 3);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt16BE(0, 10);
  const body = records.map(([type, data]) =>
    Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 30, 0, data.length, ...data]),
  );
  return Buffer.concat([header, question.subarray(12, question.length - 11), ...body]);
}

const ALIAS: readonly [number, readonly number[]] = [5, [0xc0, 12]];

describe('a DNS server that is asked from a node', () => {
  test('is asked for the name, as bytes that a shell can print', async () => {
    const { node, asked } = nodeWith(() => Buffer.alloc(0));
    await askDns(node, '10.0.0.1', 'lab-worker.test.');
    expect(asked().toString('latin1')).toContain('\x0alab-worker\x04test\x00\x00\x01\x00\x01');
  });

  test.each([
    ['one address', 0, [[1, [172, 18, 0, 2]]], ['172.18.0.2'], '10.0.0.1 answered 172.18.0.2'],
    ['an alias before the address', 0, [ALIAS, [1, [10, 0, 0, 1]]], ['10.0.0.1'], '10.0.0.1 answered 10.0.0.1'],
    ['no such name', 3, [], [], '10.0.0.1 answered NXDOMAIN'],
    ['a server that failed', 2, [], [], '10.0.0.1 answered SERVFAIL'],
  ] as const)('answers %s', async (_name, code, answers, records, observed) => {
    const { node } = nodeWith((question) => answerTo(question, code, answers));
    expect(await askDns(node, '10.0.0.1', 'lab-worker')).toEqual({ records, observed });
  });

  test('answers a service with target and port', async () => {
    const target = [4, ...Buffer.from('pod0'), 0];
    const { node } = nodeWith((question) => answerTo(question, 0, [[33, [0, 0, 0, 1, 0x1f, 0x90, ...target]]]));
    expect((await askDns(node, '10.0.0.1', '_peer._tcp.ring', 'SRV')).records).toEqual(['pod0:8080']);
  });

  test.each([
    ['silent', Buffer.alloc(0), '10.0.0.1 did not answer'],
    ['confused', Buffer.from('hello'), '10.0.0.1 answered something that is no answer'],
  ])('is told to be %s', async (_name, bytes, observed) => {
    const { node } = nodeWith(() => bytes);
    expect(await askDns(node, '10.0.0.1', 'lab-worker')).toEqual({ records: [], observed });
  });
});
