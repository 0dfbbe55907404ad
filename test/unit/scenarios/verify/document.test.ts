import { documentOf, mergeDocuments, verifiedOn } from '../../../../scenarios/verify/document.ts';
import type { Problem, VerifyReport, VerifyRound } from '../../../../scenarios/verify/types.ts';

const on = verifiedOn({ kubernetesVersion: '1.35.4', topology: 'std' }, '0.1.0');

const roundOf = (name: string, problems: readonly Problem[] = []): VerifyRound => ({
  name,
  kind: name.split(':')[0] as VerifyRound['kind'],
  ok: problems.length === 0,
  problems,
  tookMs: 1000,
  resumed: false,
});

const reportOf = (variant: string, rounds: readonly VerifyRound[], skipped: readonly string[] = []): VerifyReport => ({
  apiVersion: 'kubedrill/v1',
  scenario: 'S99',
  slug: 'fake',
  variant,
  seed: 1,
  ok: rounds.every(({ ok }) => ok),
  rounds,
  skipped: skipped.map((name) => ({ name, why: 'no time' })),
  tookMs: 1000,
});

test('the sums tell what passed wrongly, failed wrongly, was left, and was not run', () => {
  const rounds = [
    roundOf('reference', [{ kind: 'false-fail', says: '' }]),
    roundOf('cheat:x', [
      { kind: 'false-pass', says: '' },
      { kind: 'residue', says: '' },
    ]),
    roundOf('killed:stop:undo'),
  ];
  expect(documentOf(on, [reportOf('a', rounds, ['fix:y'])])).toMatchObject({
    ok: false,
    totals: {
      proofs: 1,
      rounds: 3,
      skipped: 1,
      falsePasses: 1,
      falseFails: 1,
      otherProblems: 0,
      residueCycles: 3,
      killedCycles: 1,
      residue: 1,
    },
  });
});

describe('shards put together', () => {
  test('have every round that one of them played, and no longer miss it', () => {
    const one = documentOf(on, [reportOf('a', [roundOf('reference')], ['cheat:x']), reportOf('b', [])]);
    const other = documentOf(on, [reportOf('a', [roundOf('cheat:x')], ['reference', 'fix:y'])]);
    const merged = mergeDocuments([one, other]);
    expect(merged?.reports.map(({ variant }) => variant)).toEqual(['a', 'b']);
    expect(merged?.reports[0]?.rounds.map(({ name }) => name)).toEqual(['reference', 'cheat:x']);
    expect(merged?.reports[0]?.skipped.map(({ name }) => name)).toEqual(['fix:y']);
    expect(merged?.totals).toMatchObject({ proofs: 2, rounds: 2, skipped: 1 });
  });

  test('stay wrong where one of them was', () => {
    const wrong = documentOf(on, [reportOf('a', [roundOf('reference', [{ kind: 'error', says: 'no' }])])]);
    const right = documentOf(on, [reportOf('a', [roundOf('reference')])]);
    for (const order of [
      [wrong, right],
      [right, wrong],
    ]) {
      expect(mergeDocuments(order)).toMatchObject({ ok: false, totals: { rounds: 1, otherProblems: 1 } });
    }
  });

  test('have to be of the same thing', () => {
    const other = verifiedOn({ kubernetesVersion: '1.36.3', topology: 'std' }, '0.1.0');
    expect(mergeDocuments([documentOf(on, []), documentOf(other, [])])).toBeUndefined();
    expect(mergeDocuments([])).toBeUndefined();
  });
});
