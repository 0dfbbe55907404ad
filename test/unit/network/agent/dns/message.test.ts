import fc from 'fast-check';
import { decodeAnswer, encodeQuery } from '../../../../../network/agent/dns/message.ts';

/** An answer by hand: the question of a query, then records; names in them are compressed to the question's. */
function answerTo(
  query: Buffer,
  rcode: number,
  records: readonly { readonly type: number; readonly data: Buffer }[],
): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | rcode, 2);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt16BE(0, 10);
  // The OPT record at the end of a query has 11 bytes.
  const question = query.subarray(12, query.length - 11);
  return Buffer.concat([
    header,
    question,
    ...records.map(({ type, data }) => {
      const fixed = Buffer.alloc(12);
      fixed.writeUInt16BE(0xc00c, 0);
      fixed.writeUInt16BE(type, 2);
      fixed.writeUInt16BE(1, 4);
      fixed.writeUInt32BE(30, 6);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    }),
  ]);
}

const name = fc
  .array(fc.stringMatching(/^[a-z_][a-z0-9-]{0,20}$/), { minLength: 1, maxLength: 5 })
  .map((labels) => `${labels.join('.')}.`);

describe('a DNS message', () => {
  test('asks for the name with its labels, recursion and room for a long answer', () => {
    const query = encodeQuery({ id: 0x1234, name: 'web.shop.svc.', recordType: 'A' });
    expect(query.toString('latin1', 12, 26)).toBe('\u0003web\u0004shop\u0003svc\u0000');
    expect(query.readUInt16BE(0)).toBe(0x1234);
    expect(query.readUInt16BE(2)).toBe(0x0100);
    expect(query.readUInt16BE(26)).toBe(1);
    expect(query.readUInt16BE(query.length - 8)).toBe(1232);
  });

  test.each([
    ['A', 1, Buffer.from([10, 96, 0, 10]), '10.96.0.10'],
    ['AAAA', 28, Buffer.from('fd00000000000000000000000000000a', 'hex'), 'fd00::a'],
    ['SRV', 33, Buffer.from('00000064' + '1f90' + 'c00c', 'hex'), 'web.shop.svc:8080'],
  ] as const)('gives back a %s record', (recordType, type, data, expected) => {
    const query = encodeQuery({ id: 7, name: 'web.shop.svc.', recordType });
    const message = answerTo(query, 0, [{ type, data }]);
    expect(decodeAnswer(message, recordType)).toEqual({ id: 7, rcode: 0, records: [expected] });
  });

  test('leaves records of other types out, and sorts the rest', () => {
    const query = encodeQuery({ id: 7, name: 'web.', recordType: 'A' });
    const message = answerTo(query, 0, [
      { type: 1, data: Buffer.from([10, 0, 0, 2]) },
      { type: 5, data: Buffer.from([0xc0, 0x0c]) },
      { type: 1, data: Buffer.from([10, 0, 0, 1]) },
    ]);
    expect(decodeAnswer(message, 'A')?.records).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  test('keeps the code of a refusal', () => {
    const query = encodeQuery({ id: 7, name: 'web.', recordType: 'A' });
    expect(decodeAnswer(answerTo(query, 3, []), 'A')).toEqual({ id: 7, rcode: 3, records: [] });
  });

  test('is no answer when it is a question', () => {
    expect(decodeAnswer(encodeQuery({ id: 7, name: 'web.', recordType: 'A' }), 'A')).toBeUndefined();
  });

  test('is given up when its pointers lead in circles', () => {
    const query = encodeQuery({ id: 7, name: 'web.', recordType: 'A' });
    const message = answerTo(query, 0, []);
    message.writeUInt16BE(0xc00c, 12);
    expect(decodeAnswer(message, 'A')).toBeUndefined();
  });

  test('comes back as it was asked, for any name and any addresses', () => {
    fc.assert(
      fc.property(name, fc.array(fc.ipV4(), { maxLength: 20 }), fc.nat(0xffff), (asked, addresses, id) => {
        const query = encodeQuery({ id, name: asked, recordType: 'A' });
        const records = addresses.map((address) => ({ type: 1, data: Buffer.from(address.split('.').map(Number)) }));
        expect(decodeAnswer(answerTo(query, 0, records), 'A')).toEqual({
          id,
          rcode: 0,
          records: [...addresses].sort(),
        });
      }),
    );
  });

  test('never breaks the reader, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('A', 'AAAA', 'SRV'), (bytes, recordType) => {
        decodeAnswer(Buffer.from(bytes), recordType);
        const flagged = Buffer.from(bytes);
        if (flagged.length > 2) flagged[2] = 0x80;
        decodeAnswer(flagged, recordType);
      }),
    );
  });
});
