import fc from 'fast-check';
import { byImportance, inShard, type PlannedRound } from '../../../../scenarios/verify/plan.ts';

const planned = (scenario: string, name: string, more: Partial<PlannedRound> = {}): PlannedRound => ({
  scenario,
  variant: 'a',
  round: { name, kind: name.split(':')[0] as PlannedRound['round']['kind'] },
  isDefault: true,
  isTouched: false,
  ...more,
});

const named = ({ scenario, variant, round }: PlannedRound): string => `${scenario}/${variant}/${round.name}`;

describe('the order of a run that may have to leave something out', () => {
  const rounds = ['S1', 'S2', 'S3'].flatMap((scenario) => [
    planned(scenario, 'reference', { isTouched: scenario === 'S2' }),
    planned(scenario, 'cheat:x', { isTouched: scenario === 'S2' }),
    planned(scenario, 'killed:stop:undo', { isTouched: scenario === 'S2' }),
    planned(scenario, 'reference', { variant: 'b', isDefault: false, isTouched: scenario === 'S2' }),
  ]);

  test('has every challenge’s reference round first, and of those what a change touches', () => {
    const order = byImportance(rounds, 'c0ffee').map(named);
    expect(order[0]).toBe('S2/a/reference');
    expect(order.slice(1, 3).sort()).toEqual(['S1/a/reference', 'S3/a/reference']);
  });

  test('has then what else a change touches of the challenges’ own rounds, and the rest', () => {
    const order = byImportance(rounds, 'c0ffee').map(named);
    expect(order.slice(3, 5).sort()).toEqual(['S2/a/cheat:x', 'S2/b/reference']);
    expect(order.slice(5)).toContain('S2/a/killed:stop:undo');
  });

  test('leaves nothing out, and is the same for the same rotation', () => {
    fc.assert(
      fc.property(fc.string(), (rotation) => {
        const order = byImportance(rounds, rotation);
        expect(order.map(named).sort()).toEqual(rounds.map(named).sort());
        expect(byImportance(rounds.toReversed(), rotation)).toEqual(order);
      }),
    );
  });

  test('gives every one of the rest its turn', () => {
    const lastOf = (rotation: number): string => byImportance(rounds, String(rotation)).map(named).at(-1) ?? '';
    const last = new Set(Array.from({ length: 200 }, (_, rotation) => lastOf(rotation)));
    expect([...last].sort()).toEqual(byImportance(rounds, '').slice(5).map(named).sort());
  });
});

describe('shards', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 30 });

  test('have every proof in exactly one of them', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 6 }), (all, of) => {
        const proofs = all.map((ms, index) => ({ ms, index }));
        const parts = Array.from({ length: of }, (_, at) => inShard(proofs, ({ ms }) => ms, { index: at + 1, of }));
        expect(
          parts
            .flat()
            .map(({ index }) => index)
            .sort((a, b) => a - b),
        ).toEqual(proofs.map(({ index }) => index));
      }),
    );
  });

  test('differ by no more than the longest proof', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 6 }), (all, of) => {
        const parts = Array.from({ length: of }, (_, at) =>
          inShard(
            all.map((ms) => ({ ms })),
            ({ ms }) => ms,
            { index: at + 1, of },
          ),
        );
        const loads = parts.map((part) => part.reduce((sum, { ms }) => sum + ms, 0));
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(Math.max(0, ...all));
      }),
    );
  });
});
