import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { ownRules } from '../../../detector/addon/own-rules.ts';
import { compileFormat } from '../../../detector/alert/format.ts';
import { Incidents } from '../../../detector/app/incidents.ts';
import { Pipeline } from '../../../detector/app/pipeline.ts';
import { createEngine } from '../../../detector/engine/index.ts';
import { PodIndex } from '../../../detector/enrich/pod-index.ts';
import { readSyscallField } from '../../../detector/enrich/syscall-event.ts';
import { createFieldTable } from '../../../detector/event/field-table.ts';
import type { JsonValue } from '../../../detector/event/json.ts';
import { MapEvent } from '../../../detector/event/map-event.ts';
import { compileFilter } from '../../../detector/filter/index.ts';
import { loadRules } from '../../../detector/ruleset/index.ts';
import { encodeFrame, FrameError, FrameKind, FrameReader } from '../../../detector/source/frames.ts';
import { decodeMessage } from '../../../detector/source/messages.ts';
import { encodeRecord, RECORD_TYPES, type RecordParts } from '../../../detector/source/record.ts';
import { fakeClock } from '../../support/clock.ts';

/** Inputs of each kind; a long run is `KUBEDRILL_FUZZ_RUNS=200000 npm run unit -- test/unit/detector/fuzz`. */
const RUNS = Number(process.env['KUBEDRILL_FUZZ_RUNS'] ?? 500);
const LONG_MS = 3_600_000;
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;

/** Garbage of all kinds: nothing may be thrown, nothing may hang, and nothing of it may stay in memory. */
describe('inputs that nobody would write', () => {
  test(
    'are conditions that compile and answer, or are refused with a place in the text',
    () => {
      const event = new MapEvent({ 'evt.type': 'openat', 'proc.name': 'sh', 'fd.name': '/etc/x' }, { number: 1 });
      survives(conditionText(), (text) => {
        const filter = compileFilter(text);
        if (filter.ok) expect(typeof filter.matches(event)).toBe('boolean');
        else expect(filter.offset).toBeLessThanOrEqual(text.length);
      });
    },
    LONG_MS,
  );

  test(
    'are rules files that load, or are refused with a place in the file',
    () => {
      survives(rulesText(), (content) => {
        const { ruleset, errors } = loadRules([{ name: 'fuzz.yaml', content }]);
        if (ruleset === undefined) expect(errors.every(({ line, column }) => line > 0 && column > 0)).toBe(true);
      });
    },
    LONG_MS,
  );

  test(
    'are output formats that are understood or refused',
    () => {
      const table = createFieldTable();
      survives(
        soup(['%', '*', '%proc.name', '%evt.arg[', ']', '%toupper(', 'fd.name', ')', '%<9>', ' ', '%%']),
        (text) => {
          expect(typeof compileFormat(text, table).ok).toBe('boolean');
        },
      );
    },
    LONG_MS,
  );

  test(
    'are audit events that are judged like any others',
    () => {
      const { pipeline } = detector();
      survives(auditJson(), (json) => {
        pipeline.acceptAudit(json);
      });
      expect(pipeline.stats().auditEvents).toBeGreaterThan(RUNS / 10);
    },
    LONG_MS,
  );

  test(
    'are frames that are read, counted as malformed, or end the connection',
    () => {
      const { pipeline, clock } = detector();
      survives(stream(), (chunks) => {
        const reader = new FrameReader();
        try {
          for (const chunk of chunks) for (const frame of reader.push(chunk)) pipeline.accept(decodeMessage(frame));
        } catch (error) {
          if (!(error instanceof FrameError)) throw error;
        }
        clock.advance(10);
        pipeline.review();
      });
      const { undecided, processes, events, malformedFrames } = pipeline.stats();
      expect(Math.min(events, malformedFrames)).toBeGreaterThan(RUNS / 10);
      expect(undecided).toBeLessThanOrEqual(2_000);
      expect(processes).toBeLessThanOrEqual(65_536);
    },
    LONG_MS,
  );
});

function survives<T>(inputs: fc.Arbitrary<T>, look: (input: T) => void): void {
  const before = heldBytes();
  fc.assert(fc.property(inputs, look), { numRuns: RUNS });
  expect(heldBytes() - before).toBeLessThan(MAX_GROWTH_BYTES);
}

/** What is in use once everything that is not has been collected. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The rules of kubedrill behind a pipeline, as on a node. */
function detector() {
  const { ruleset } = loadRules(ownRules());
  if (ruleset === undefined) throw new Error('the rules do not load');
  const clock = fakeClock(1_700_000_000_000);
  const pipeline = new Pipeline({
    engine: createEngine({ ruleset, readField: readSyscallField, matching: 'all' }),
    nodeName: 'node-1',
    clock,
    pods: new PodIndex(),
    users: new Map(),
    groups: new Map(),
    incidents: new Incidents(() => clock.now()),
    onAlert: () => undefined,
    nextSequence: () => 1,
    onTreeIncomplete: () => undefined,
  });
  return { pipeline, clock };
}

/** Words of a language in any order, with any characters between them. */
function soup(words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...words) },
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  return fc.array(word, { maxLength: 24 }).map((parts) => parts.join(''));
}

function conditionText(): fc.Arbitrary<string> {
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

function rulesText(): fc.Arbitrary<string> {
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

function auditJson(): fc.Arbitrary<JsonValue> {
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
function stream(): fc.Arbitrary<readonly Buffer[]> {
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
