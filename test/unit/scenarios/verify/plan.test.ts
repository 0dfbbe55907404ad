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

  test('has then each kill once, what a change touches, and the rest', () => {
    const order = byImportance(rounds, 'c0ffee').map(named);
    expect(order[3]).toMatch(/^S\d\/a\/killed:stop:undo$/);
    const touched = order.filter((name) => name.startsWith('S2') && !order.slice(0, 4).includes(name));
    expect(order.slice(4, 4 + touched.length).sort()).toEqual(touched.sort());
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
    const rest = (rotation: number): string => named(byImportance(rounds, String(rotation)).at(-1) as PlannedRound);
    const last = new Set(Array.from({ length: 100 }, (_, rotation) => rest(rotation)));
    expect(last.size).toBe(
      rounds.filter(({ scenario, round, isDefault }) => scenario !== 'S2' && !(isDefault && round.kind === 'reference'))
        .length,
    );
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
