import type { Outage } from '../../../../network/index.ts';
import type { JournalEntry, StampedEntry } from '../../../../scenarios/journal/entry.ts';
import { foldJournal } from '../../../../scenarios/journal/state.ts';
import { timelineOf, type TimelineSources } from '../../../../scenarios/debrief/timeline.ts';

const START_MS = Date.parse('2026-03-14T15:09:26Z');

/** Entries one second apart; the monotonic clock began 5 s before the first. */
function journal(...entries: readonly JournalEntry[]): readonly StampedEntry[] {
  return entries.map((entry, index) => ({
    ...entry,
    seq: index + 1,
    at: new Date(START_MS + 1000 * index).toISOString(),
    monotonicMs: 5000 + 1000 * index,
  }));
}

const PLAYED = journal(
  { kind: 'phase', phase: 'setup' },
  { kind: 'step', title: 'make room', undo: [] },
  { kind: 'phase', phase: 'break' },
  { kind: 'step', title: 'nat rules flushed on w', undo: [] },
  { kind: 'phase', phase: 'learner' },
  { kind: 'hint', number: 1 },
  { kind: 'grading' },
  { kind: 'graded', passed: false, score: 40 },
);
const BREAK_MS = 7000;

function sources(more: Partial<TimelineSources> = {}): TimelineSources {
  const state = foldJournal(PLAYED);
  return { state, entries: PLAYED, meter: [], alerts: [], intruders: [], logged: [], ...more };
}

const told = (from: TimelineSources): readonly string[] =>
  timelineOf(from).map(({ afterMs, says }) => `${String(afterMs)} ${says}`);

function reading(outages: readonly Partial<Outage>[]): TimelineSources['meter'][number] {
  const whole = outages.map((one): Outage => ({
    ...{ path: 'o.svc@w', firstFailure: 0, lastFailure: 0, outageMs: 0, open: false, error: 'timeout' },
    ...one,
  }));
  const counts = { probes: 100, failures: 10, missedTicks: 0, totalOutageMs: 0, lastOk: true };
  return { path: 'o.svc@w', ...counts, outages: whole };
}

describe('the timeline of a run', () => {
  test('is empty before anything is broken', () => {
    expect(timelineOf(sources({ state: foldJournal([]) }))).toEqual([]);
  });

  test('begins with the break and tells what the journal knows, without the setup', () => {
    expect(told(sources())).toEqual([
      '1000 broken: nat rules flushed on w',
      '2000 the symptom is stable; your time begins',
      '3000 hint 1 is read',
      '5000 graded: not passed, 40 points',
    ]);
  });

  test('has two lines for a path, also when it came and went', () => {
    const outages = [
      { firstFailure: BREAK_MS + 1100, lastFailure: BREAK_MS + 2000, outageMs: 1000 },
      { firstFailure: BREAK_MS + 3500, lastFailure: BREAK_MS + 4400, outageMs: 950 },
    ];
    expect(told(sources({ meter: [reading(outages)] }))).toEqual([
      '1000 broken: nat rules flushed on w',
      '1100 o.svc@w fails: timeout',
      '2000 the symptom is stable; your time begins',
      '3000 hint 1 is read',
      '4450 o.svc@w answers again; it was out for 1.95 s in 2 stretches',
      '5000 graded: not passed, 40 points',
    ]);
  });

  test('does not say that a path came back which has not', () => {
    const meter = [
      reading([{ firstFailure: BREAK_MS + 1100, lastFailure: BREAK_MS + 9000, outageMs: 8000, open: true }]),
    ];
    const outages = timelineOf(sources({ meter })).filter(({ kind }) => kind === 'outage');
    expect(outages.map(({ says }) => says)).toEqual(['o.svc@w fails: timeout (and does so still)']);
  });

  test('names of each rule the first alert of each actor', () => {
    const alert = { rule: 'KD Packet filter flushed', priority: 'Warning', source: 'syscall', node: 'w', about: {} };
    const alerts = [
      { ...alert, timeMs: START_MS + 9000, latencyMs: 4 },
      { ...alert, timeMs: START_MS + 9500, latencyMs: 4 },
      { ...alert, timeMs: START_MS + 3010, latencyMs: 6.4 },
    ];
    const seen = timelineOf(sources({ alerts })).filter(({ kind }) => kind === 'alert');
    expect(seen).toEqual([
      {
        afterMs: 1010,
        kind: 'alert',
        says: 'alert "KD Packet filter flushed" on w (by the break, told 6 ms after the act)',
      },
      { afterMs: 7000, kind: 'alert', says: 'alert "KD Packet filter flushed" on w (by you, told 4 ms after the act)' },
    ]);
  });

  test('puts lines of logs where their time stamps say', () => {
    const logged = [{ atMs: START_MS + 4500, says: 'kube-proxy on w: canary deleted' }];
    expect(told(sources({ logged }))[2]).toBe('2500 kube-proxy on w: canary deleted');
  });
});
