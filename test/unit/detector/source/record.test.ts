import fc from 'fast-check';
import { encodeRecord, encodeWalkedPath, SensorRecord } from '../../../../detector/source/record.ts';
import { RECORD_TYPES } from '../../../../detector/source/record-types.ts';

const types = RECORD_TYPES.filter((type) => type !== '');
const uint32 = fc.nat(0xffffffff);
const uint64 = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });

describe('SensorRecord', () => {
  test('reads back every part of a record as it was written', () => {
    const parts = fc.record({
      type: fc.constantFrom(...types),
      flags: fc.nat(3),
      timeNs: uint64,
      startNs: uint64,
      cgroupId: uint64,
      result: fc.integer({ min: -4095, max: 2 ** 40 }),
      comm: fc.string({ unit: 'grapheme-ascii', maxLength: 15 }),
      pid: uint32,
      tty: uint32,
      numbers: fc.array(uint64, { minLength: 6, maxLength: 6 }),
      strings: fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 6, maxLength: 6 }),
    });
    fc.assert(
      fc.property(parts, ({ pid, tty, strings, ...rest }) => {
        const record = SensorRecord.from(
          encodeRecord({ ...rest, ids: { pid, tty }, strings: strings.map((one) => Buffer.from(one)) }),
        );
        expect(record).toMatchObject({
          type: rest.type,
          flags: rest.flags,
          timeNs: rest.timeNs,
          startNs: rest.startNs,
          cgroupId: rest.cgroupId,
          result: rest.result,
          comm: rest.comm,
        });
        expect([record?.id('pid'), record?.id('tty'), record?.id('sid')]).toEqual([pid, tty, 0]);
        expect(rest.numbers.map((_, slot) => record?.number(slot))).toEqual(rest.numbers);
        expect(strings.map((_, slot) => [...(record?.bytes(slot) ?? [])])).toEqual(strings.map((one) => [...one]));
      }),
    );
  });

  test('refuses bytes that are not one whole record, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const record = SensorRecord.from(Buffer.from(bytes));
        // Random bytes nearly never are a record; if they are, all of it can be read.
        for (let slot = 0; slot < 7; slot++) record?.words(slot);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['with bytes left over', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
    ['shorter than its head', (bytes: Buffer) => bytes.subarray(0, 100)],
  ])('refuses a record %s', (_, spoil) => {
    expect(SensorRecord.from(spoil(encodeRecord({ type: 'execve', strings: ['a\0'] })))).toBeUndefined();
  });

  test('refuses a type that it does not know', () => {
    const bytes = encodeRecord({ type: 'connect' });
    bytes.writeUInt16LE(999, 156);
    expect(SensorRecord.from(bytes)).toBeUndefined();
  });

  test.each([
    ['/usr/bin/bash', ['bash', 'bin', 'usr']],
    ['/', []],
    ['/a b/ü', ['ü', 'a b']],
  ])('turns the kernel’s walk into the path %s', (path, components) => {
    const record = SensorRecord.from(encodeRecord({ type: 'execve', strings: ['', '', encodeWalkedPath(path)] }));
    expect(record?.words(2)).toEqual(components);
    expect(record?.walkedPath(2)).toBe(path);
  });

  test.each([
    ['sh\0-c\0\0echo hi\0', ['sh', '-c', '', 'echo hi']],
    ['cut\0before its en', ['cut', 'before its en']],
    ['', []],
  ])('splits the arguments %j', (bytes, words) => {
    expect(SensorRecord.from(encodeRecord({ type: 'execve', strings: [bytes] }))?.words(0)).toEqual(words);
  });
});
