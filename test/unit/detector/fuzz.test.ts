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
import { MapEvent } from '../../../detector/event/map-event.ts';
import { compileFilter } from '../../../detector/filter/index.ts';
import { loadRules } from '../../../detector/ruleset/index.ts';
import { FrameError, FrameReader } from '../../../detector/source/frames.ts';
import { decodeMessage } from '../../../detector/source/messages.ts';
import { fakeClock } from '../../support/clock.ts';
import { auditJson, conditionText, rulesText, soup, stream } from './garbage.ts';

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
