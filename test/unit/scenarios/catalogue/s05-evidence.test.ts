import type { RunContext } from '../../../../scenarios/define.ts';
import { evidence } from '../../../../scenarios/catalogue/s05-split-brain-node/evidence.ts';
import type { SplitParameters } from '../../../../scenarios/catalogue/s05-split-brain-node/parameters.ts';

const timeline = {
  unreachableMs: 46_000,
  withdrawnMs: 46_400,
  forgottenMs: 47_000,
  evictedMs: 56_000,
  twiceMs: 58_000,
};
const cut = { monotonicMs: 5_000, wallMs: 1_700_000_000_000 };

const contextWith = (variant: string, facts: Readonly<Record<string, unknown>>): RunContext<SplitParameters> =>
  ({ variant, fact: (key: string) => facts[key] }) as unknown as RunContext<SplitParameters>;

test('the debrief tells what came when, on the wall clock', async () => {
  const { logged } = await evidence(contextWith('outbound', { timeline, cut }));
  expect(logged.map(({ atMs }) => atMs - cut.wallMs)).toEqual(Object.values(timeline));
  expect(logged[0]?.says).toContain('Ready is Unknown');
  expect(logged.at(-1)?.says).toContain('two tills');
});

test.each([
  ['outbound', 'for 10 s'],
  ['long', 'for 300 s'],
])('%s: it names the settings behind that', async (variant, patience) => {
  const { facts } = await evidence(contextWith(variant, { timeline, cut }));
  expect(facts).toEqual([expect.stringContaining('50 s'), expect.stringContaining(patience)]);
});

test('of a run that did not get that far it tells nothing but the settings', async () => {
  expect((await evidence(contextWith('long', {}))).logged).toEqual([]);
});
