import fc from 'fast-check';
import { createFieldTable } from '../../../../detector/event/field-table.ts';
import { FIELDS } from '../../../../detector/event/fields.ts';
import { BASE_FIELDS } from '../../../../detector/event/base-fields.ts';
import type { JsonValue } from '../../../../detector/event/json.ts';
import { MapEvent, type FieldMap } from '../../../../detector/event/map-event.ts';
import type { DetectorEvent } from '../../../../detector/event/types.ts';
import { readBinaryField } from '../../../../detector/recording/binary/event.ts';
import { framesOf } from '../../../../detector/recording/binary/frames.ts';
import { MAGIC } from '../../../../detector/recording/binary/layout.ts';
import { RecordingReader } from '../../../../detector/recording/binary/reader.ts';
import { RecordingError } from '../../../../detector/recording/binary/recording-error.ts';
import { RecordingWriter, type RecordingWriterOptions } from '../../../../detector/recording/binary/writer.ts';

const ASKED: readonly (readonly [name: string, argument?: string])[] = [
  ...FIELDS.filter(({ name }) => !BASE_FIELDS.has(name)).map(({ name }) => [name] as const),
  ['proc.aname', '0'],
  ['proc.aname', '1'],
  ['evt.arg', 'flags'],
  ['evt.arg', '0'],
];

describe('a binary recording', () => {
  test('gives events back that answer as the maps they were written from', () => {
    fc.assert(
      fc.property(fc.array(fieldMap(), { maxLength: 12 }), writerOptions(), fieldMap(), (maps, options, defaults) => {
        const back = read(write(maps, options), defaults);
        expect(back.map(answers)).toEqual(
          maps.map((fields, index) => answers(new MapEvent(fields, { number: index + 1, defaults }))),
        );
      }),
    );
  });

  test('gives the same answers to the engine, which reads past the names', () => {
    const table = createFieldTable();
    const readers = ASKED.flatMap(([name, argument]) => {
      const lookup = table.resolve(name, argument);
      return lookup.ok ? [{ name, argument, read: readBinaryField(lookup.field) }] : [];
    });
    fc.assert(
      fc.property(fc.array(fieldMap(), { minLength: 1, maxLength: 5 }), fieldMap(), (maps, defaults) => {
        const asked = (event: DetectorEvent) => readers.map((reader) => reader.read(event));
        const back = read(write(maps), defaults);
        const events = maps.map((fields) => new MapEvent(fields, { defaults }));
        const expected = events.map((event) => readers.map(({ name, argument }) => event.field(name, argument)));
        expect([back, back, events].map((some) => some.map(asked))).toEqual([expected, expected, expected]);
      }),
    );
  });

  test('arrives in chunks of any size', async () => {
    const maps = [{ 'evt.type': 'open', 'proc.name': 'é' }, { 'evt.type': 'close' }];
    const file = Buffer.concat([MAGIC, ...write(maps, { eventsPerFrame: 1 })]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), async (size) => {
        expect((await readFile(file, size)).map(answers)).toEqual(read(write(maps)).map(answers));
      }),
    );
  });

  test('writes each text once', () => {
    const fields = { 'evt.type': 'open', 'proc.cmdline': 'x'.repeat(1_000) };
    const bytes = write(Array.from({ length: 100 }, () => fields)).reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan(1_000 + 100 * 30);
  });

  test('is refused where it is cut, and where it is something else', async () => {
    const file = Buffer.concat([MAGIC, ...write([{ 'evt.type': 'open' }])]);
    expect(await readFile(MAGIC)).toEqual([]);
    for (let length = 0; length < file.length; length++) {
      if (length === MAGIC.length) continue;
      await expect(readFile(file.subarray(0, length))).rejects.toThrow(RecordingError);
    }
    await expect(readFile(Buffer.from('{"evt.type": "open"}\n'))).rejects.toThrow('it does not begin as one');
  });

  test('that is damaged is refused or read, and never anything else', async () => {
    const file = Buffer.concat([MAGIC, ...write([{ 'evt.type': 'open', 'proc.name': 'a' }, { 'evt.type': 'close' }])]);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }), async (at, byte) => {
        const damaged = Buffer.from(file);
        damaged[at] = byte;
        try {
          (await readFile(damaged)).map(answers);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordingError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function write(maps: readonly FieldMap[], options?: RecordingWriterOptions): readonly Buffer[] {
  const writer = new RecordingWriter(options);
  const frames = maps.map((fields, index) => writer.add(fields, index + 1));
  return [...frames, writer.flush()].filter((frame) => frame !== undefined);
}

function read(frames: readonly Buffer[], defaults?: FieldMap): readonly DetectorEvent[] {
  const reader = new RecordingReader(defaults === undefined ? {} : { defaults });
  return frames.flatMap((frame) => [...reader.frame(frame)]);
}

async function readFile(file: Buffer, chunkBytes = file.length): Promise<readonly DetectorEvent[]> {
  const chunks = async function* () {
    for (let at = 0; at < file.length; at += chunkBytes) yield file.subarray(at, at + chunkBytes);
  };
  const reader = new RecordingReader();
  const events: DetectorEvent[] = [];
  for await (const frame of framesOf(chunks())) events.push(...reader.frame(frame));
  return events;
}

function answers(event: DetectorEvent) {
  const fields = ASKED.map(([name, argument]) => event.field(name, argument));
  return { number: event.number, timeNs: event.timeNs, source: event.source, type: event.type, fields };
}

function writerOptions(): fc.Arbitrary<RecordingWriterOptions> {
  return fc.record({ eventsPerFrame: fc.integer({ min: 1, max: 5 }), maxValues: fc.constantFrom(0, 5, 1_000) });
}

function fieldMap(): fc.Arbitrary<FieldMap> {
  const names = [
    ...FIELDS.map(({ name }) => name).filter((name) => !/^evt\.(?:num|time|rawtime|type)$/.test(name)),
    'proc.aname[1]',
    'proc.aname[2]',
    'evt.arg.flags',
    'evt.arg[0]',
  ];
  return fc
    .tuple(
      fc.dictionary(fc.constantFrom(...names), json(), { maxKeys: 30 }),
      fc.option(fc.nat(), { nil: undefined }),
      fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { nil: undefined }),
      fc.constantFrom('open', 'close', null, undefined),
    )
    .map(([fields, number, time, type]) => ({
      ...fields,
      ...(number === undefined ? {} : { 'evt.num': number }),
      ...(time === undefined ? {} : { 'evt.rawtime': time }),
      ...(type === undefined ? {} : { 'evt.type': type }),
    }));
}

function json(): fc.Arbitrary<JsonValue> {
  const scalar = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('1', 'true', 'null', '1.2.3.4:5->6.7.8.9:10', 'ipv4', 'a b'),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
    fc.boolean(),
  );
  return fc.oneof(scalar, fc.constant(null), fc.array(scalar, { maxLength: 3 }), fc.constant({ a: 1 }));
}
