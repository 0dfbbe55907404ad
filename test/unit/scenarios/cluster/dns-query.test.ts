import fc from 'fast-check';
import { decodeAnswer, encodeQuestion } from '../../../../scenarios/cluster/dns-query.ts';

/** An answer to `question` as a server would write it: flags, the question again, then records that point back at the name. */
function answerTo(
  question: Buffer,
  code: number,
  records: readonly (readonly [type: number, data: readonly number[]])[],
): Buffer {
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt8(0x81, 2);
  header.writeUInt8(0x80 | code, 3);
  header.writeUInt16BE(records.length, 6);
  const body = records.map(([type, data]) =>
    Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 30, 0, data.length, ...data]),
  );
  return Buffer.concat([header, question.subarray(12), ...body]);
}

describe('a DNS question', () => {
  test('holds the name as labels, type A, and asks for recursion', () => {
    expect(encodeQuestion('lab-worker.test.', 1).toString('latin1')).toBe(
      '\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0alab-worker\x04test\x00\x00\x01\x00\x01',
    );
  });
});

describe('a DNS answer', () => {
  const question = encodeQuestion('lab-control-plane');

  test.each([
    ['one address', 0, [[1, [172, 18, 0, 2]]], { code: 0, addresses: ['172.18.0.2'] }],
    [
      'an alias before the address',
      0,
      [
        [5, [0xc0, 12]],
        [1, [10, 0, 0, 1]],
      ],
      { code: 0, addresses: ['10.0.0.1'] },
    ],
    ['an address of the other family', 0, [[28, Array.from({ length: 16 }, () => 1)]], { code: 0, addresses: [] }],
    ['no such name', 3, [], { code: 3, addresses: [] }],
    ['a server that failed', 2, [], { code: 2, addresses: [] }],
  ] as const)('%s', (_name, code, records, expected) => {
    expect(decodeAnswer(answerTo(question, code, records))).toEqual(expected);
  });

  test('any bytes at all are read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(Array.isArray(decodeAnswer(Buffer.from(bytes)).addresses)).toBe(true);
      }),
    );
  });
});
