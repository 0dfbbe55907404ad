import fc from 'fast-check';
import type { JsonValue } from '../../../detector/event/json.ts';
import { encodeFrame, FrameKind } from '../../../detector/source/frames.ts';
import { RECORD_TYPES } from '../../../detector/source/record-types.ts';
import { encodeRecord, type RecordParts } from '../../../detector/source/record.ts';

/** Words of a language in any order, with any characters between them. */
export function soup(words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...words) },
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  return fc.array(word, { maxLength: 24 }).map((parts) => parts.join(''));
}

export function conditionText(): fc.Arbitrary<string> {
  const fields = [
    'evt.type',
    'proc.name',
    'fd.name',
    'proc.aname[2]',
    'evt.rawres',
    'ka.verb',
    'fd.ip',
    'evt.arg.flags',
  ];
  const operators = [
    '=',
    '!=',
    ' in ',
    ' contains ',
    ' pmatch ',
    ' regex ',
    ' glob ',
    ' exists',
    ' >= ',
    ' intersects ',
  ];
  const values = [
    '(a, b)',
    'openat',
    '"x y"',
    "'(a+)+$'",
    '3',
    '0x1f',
    '/etc/**',
    'val(fd.name)',
    'tolower(',
    'oneof ',
    '(',
  ];
  return soup([' and ', ' or ', ' not ', ')', '(', ',', ...fields, ...operators, ...values]);
}

export function rulesText(): fc.Arbitrary<string> {
  const keys = [
    'rule',
    'macro',
    'list',
    'condition',
    'items',
    'output',
    'desc',
    'priority',
    'append',
    'override',
    'tags',
  ];
  const more = ['exceptions', 'enabled', 'source', 'required_engine_version', 'fields', 'comps', 'values', 'name'];
  const entries = [...keys, ...more].flatMap((key) => [`- ${key}: `, `\n  ${key}: `]);
  return soup([
    ...entries,
    '\n',
    'x',
    '[a, b]',
    '{condition: replace}',
    'INFO',
    '&a ',
    '*a',
    '"',
    '---\n',
    '%proc.name',
    'evt.num = 0',
  ]);
}

export function auditJson(): fc.Arbitrary<JsonValue> {
  const objectRef = { resource: fc.anything(), namespace: fc.string(), name: fc.jsonValue(), subresource: fc.string() };
  const event = fc.record(
    {
      auditID: fc.string(),
      stage: fc.constantFrom('ResponseComplete', 'ResponseStarted', 'Panic'),
      verb: fc.oneof(fc.constantFrom('create', 'get', 'delete'), fc.jsonValue()),
      user: fc.oneof(fc.record({ username: fc.jsonValue(), groups: fc.jsonValue() }), fc.jsonValue()),
      objectRef: fc.oneof(fc.record(objectRef, { requiredKeys: [] }), fc.jsonValue()),
      requestObject: fc.oneof(podLike(), fc.jsonValue()),
      responseStatus: fc.jsonValue(),
      requestURI: fc.jsonValue(),
      annotations: fc.jsonValue(),
      stageTimestamp: fc.oneof(fc.constant('2026-01-01T00:00:00Z'), fc.string()),
    },
    { requiredKeys: [] },
  );
  const list = fc.record({ kind: fc.constant('EventList'), items: fc.oneof(fc.array(event), fc.jsonValue()) });
  return fc.oneof(event, list, fc.jsonValue()) as fc.Arbitrary<JsonValue>;
}

function podLike(): fc.Arbitrary<unknown> {
  const any = fc.jsonValue({ maxDepth: 3 });
  const container = fc.record(
    { image: any, securityContext: any, volumeMounts: any, command: any },
    { requiredKeys: [] },
  );
  const spec = fc.record({ containers: fc.oneof(fc.array(container), any), volumes: any, hostNetwork: any });
  return fc.record({ metadata: any, spec: fc.oneof(spec, any), rules: any, subjects: any, roleRef: any, data: any });
}

/** Frames as a sensor sends them, some of them spoilt, cut into pieces anywhere, and sometimes cut off. */
export function stream(): fc.Arbitrary<readonly Buffer[]> {
  const frame = fc.oneof(
    { weight: 6, arbitrary: recordFrame() },
    { weight: 2, arbitrary: fc.tuple(fc.nat(255), bytes(400)).map(([kind, payload]) => encodeFrame(kind, payload)) },
    { weight: 1, arbitrary: bytes(64) },
  );
  const spoilt = fc.tuple(
    fc.array(frame, { maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }),
  );
  return fc
    .tuple(spoilt, fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 8 }), fc.nat(40))
    .map(([[frames, changes], cuts, lost]) => {
      const all = Buffer.concat(frames);
      for (const [at, value] of changes) if (all.length > 0) all[at % all.length] = value;
      return pieces(all.subarray(0, Math.max(0, all.length - lost)), cuts);
    });
}

function recordFrame(): fc.Arbitrary<Buffer> {
  const big = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.bigInt({ min: 0n, max: 16n }));
  const parts: fc.Arbitrary<RecordParts> = fc.record({
    type: fc.constantFrom(...RECORD_TYPES),
    flags: fc.nat(3),
    timeNs: big,
    startNs: fc.bigInt({ min: 0n, max: 9n }),
    cgroupId: fc.bigInt({ min: 0n, max: 9n }),
    result: fc.integer({ min: -133, max: 20 }),
    comm: fc.oneof(fc.constantFrom('sh', 'nginx', 'cat'), fc.string()),
    ids: fc.record({ pid: fc.nat(40), tid: fc.nat(40), ppid: fc.nat(40), uid: fc.nat(), tty: fc.nat() }),
    numbers: fc.array(big, { maxLength: 6 }),
    strings: fc.array(bytes(120), { maxLength: 7 }),
  });
  return parts.map((record) =>
    encodeFrame(record.ids?.pid === 0 ? FrameKind.process : FrameKind.event, encodeRecord(record)),
  );
}

function bytes(maxLength: number): fc.Arbitrary<Buffer> {
  const text = fc.constantFrom('/etc/shadow', 'sh\0-c\0id\0', 'shadow\0etc\0', '\u0002\0\u0001\u00bb\n\0\0\u0001', '/');
  return fc.oneof(
    fc.uint8Array({ maxLength }).map((array) => Buffer.from(array)),
    text.map((one) => Buffer.from(one, 'latin1')),
  );
}

function pieces(all: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  for (const cut of cuts) {
    if (at < all.length) found.push(all.subarray(at, at + cut));
    at += cut;
  }
  return at < all.length ? [...found, all.subarray(at)] : found;
}
