import type { JournalEntry, StampedEntry } from '../../../../scenarios/journal/entry.ts';
import { foldJournal, openSteps } from '../../../../scenarios/journal/state.ts';

/** Entries one second apart. */
function journal(...entries: readonly JournalEntry[]): readonly StampedEntry[] {
  return entries.map((entry, index) => ({
    ...entry,
    seq: index + 1,
    at: new Date(1000 * (index + 1)).toISOString(),
    monotonicMs: 1000 * (index + 1),
  }));
}

const opened: JournalEntry = {
  kind: 'opened',
  run: 'r',
  scenario: 'S01',
  variant: 'b',
  seed: 4,
  parameters: { victim: 'w' },
};
const undo = [{ action: 'meter.stop', args: {} }];

describe('what a journal amounts to', () => {
  test('nothing, when it is empty', () => {
    expect(foldJournal([])).toMatchObject({ scenario: '', phase: 'opened', steps: [], answers: {}, hintsUsed: 0 });
  });

  test('the run, its phase, and when it was broken', () => {
    const state = foldJournal(journal(opened, { kind: 'phase', phase: 'break' }, { kind: 'phase', phase: 'learner' }));
    expect(state).toMatchObject({
      run: 'r',
      scenario: 'S01',
      variant: 'b',
      seed: 4,
      parameters: { victim: 'w' },
      phase: 'learner',
      breakAt: { monotonicMs: 2000 },
      brokenAt: { monotonicMs: 3000 },
    });
  });

  test('steps that were begun and not taken back are open, the last one first', () => {
    const state = foldJournal(
      journal(
        opened,
        { kind: 'step', title: 'one', undo },
        { kind: 'done', step: 2 },
        { kind: 'step', title: 'two', undo },
        { kind: 'step', title: 'three', undo },
        { kind: 'undone', step: 4 },
      ),
    );
    expect(openSteps(state).map(({ title }) => title)).toEqual(['three', 'one']);
  });

  test('later answers and facts replace earlier ones, and hints count up', () => {
    const state = foldJournal(
      journal(
        opened,
        { kind: 'answers', answers: { node: 'a', services: 'works' } },
        { kind: 'answers', answers: { node: 'b' } },
        { kind: 'fact', key: 'pod', value: 'web-1' },
        { kind: 'fact', key: 'pod', value: 'web-2' },
        { kind: 'hint', number: 1 },
        { kind: 'hint', number: 2 },
      ),
    );
    expect(state).toMatchObject({ answers: { node: 'b', services: 'works' }, facts: { pod: 'web-2' }, hintsUsed: 2 });
  });

  test('time is the injector’s until the learner begins, the system’s while it grades, and the learner’s else', () => {
    const state = foldJournal(
      journal(
        opened,
        { kind: 'phase', phase: 'setup' },
        { kind: 'phase', phase: 'learner' },
        { kind: 'grading' },
        { kind: 'graded', passed: false, score: 0 },
        { kind: 'phase', phase: 'stopping' },
      ),
    );
    expect(state.windows).toEqual([
      { actor: 'injector', fromMs: 2000, toMs: 3000 },
      { actor: 'system', fromMs: 4000, toMs: 5000 },
      { actor: 'injector', fromMs: 6000, toMs: Infinity },
    ]);
    expect(state.gradings).toBe(1);
  });

  test('a closed run is closed', () => {
    expect(foldJournal(journal(opened, { kind: 'closed', residue: 0 })).phase).toBe('closed');
  });
});
