import type { FailureClass, MeterReading } from '../../../../network/index.ts';
import { measuredCard, questions } from '../../../../scenarios/catalogue/s01-flushed-iptables/card.ts';
import { foldJournal } from '../../../../scenarios/journal/state.ts';

/** The command ran at 10 s, and the learner began at 12 s. */
const state = {
  ...foldJournal([]),
  variant: 'b',
  breakAt: { at: '', monotonicMs: 10_000 },
  brokenAt: { at: '', monotonicMs: 12_000 },
};

function reading(path: string, firstFailure: number, lastFailure: number, open = false): MeterReading {
  const error: FailureClass = 'timeout';
  const outageMs = lastFailure - firstFailure;
  const outages = [{ path, firstFailure, lastFailure, outageMs, open, error }];
  return { path, probes: 100, failures: 5, missedTicks: 0, outages, totalOutageMs: outageMs, lastOk: !open };
}

const cardOf = (...readings: readonly MeterReading[]): Readonly<Record<string, string>> =>
  measuredCard(state, { victim: 'lab-worker' }, readings);

describe('the card as it was measured', () => {
  test('answers every question in words that are allowed', () => {
    const card = cardOf();
    expect(Object.keys(card).sort()).toEqual(questions.map(({ key }) => key).sort());
    for (const { key, allowed } of questions) {
      if (key !== 'node') expect(allowed).toContain(card[key]);
    }
    expect(card).toMatchObject({ node: 'lab-worker', services: 'works', heals: 'not-within-70-s' });
  });

  test.each([
    ['an outage that the command made', reading('o.svc@lab-worker', 10_100, 11_000), 'fails'],
    ['an outage that goes on', reading('o.svc@lab-worker', 11_950, 11_980, true), 'fails'],
    ['a hiccup of the machine', reading('o.svc@lab-worker', 10_100, 10_150), 'works'],
    ['an outage from before', reading('o.svc@lab-worker', 8_000, 9_500), 'works'],
    ['an outage that a repair made later', reading('o.svc@lab-worker', 60_000, 62_000), 'works'],
    ['an outage of another machine', reading('o.svc@lab-worker2', 10_100, 11_000), 'works'],
  ])('takes %s for services=%s', (_name, measured, expected) => {
    expect(cardOf(measured)['services']).toBe(expected);
  });
});
