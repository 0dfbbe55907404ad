import { proofsPage } from '../../../../cli/render/proofs-page.ts';
import { verifySchema } from '../../../../cli/schemas/verify.ts';
import { documentOf, type VerifyRound } from '../../../../scenarios/index.ts';

const round = (name: string, kind: VerifyRound['kind'], says?: string): VerifyRound => ({
  name,
  kind,
  ok: says === undefined,
  problems: says === undefined ? [] : [{ kind: 'false-pass', says }],
  tookMs: 1234,
  resumed: false,
});

const document = documentOf({ version: '0.1.0', kubernetes: '1.35.4', topology: 'std' }, [
  {
    apiVersion: 'kubedrill/v1',
    scenario: 'S99',
    slug: 'fake',
    variant: 'a',
    seed: 1,
    ok: false,
    rounds: [
      round('reference', 'reference'),
      round('fix:other', 'fix'),
      round('cheat:x', 'cheat', 'the cheat passed'),
      round('cheat:y', 'cheat'),
      round('killed:stop:undo', 'killed'),
    ],
    skipped: [{ name: 'fix:late', why: 'no time' }],
    tookMs: 5,
  },
]);

test('the page of proofs has one row for each, the sums, and what went wrong', () => {
  const page = proofsPage(document);
  expect(page).toContain('| S99 fake | a | 4 of 5 | 2 of 2 | 1 of 2 | 1 of 1 | – | 1 | 0 | 0 | 1 |');
  expect(page).toContain(
    'kubedrill 0.1.0, Kubernetes 1.35.4, topology std: 1 proofs, 5 rounds, 1 false passes, 0 false fails',
  );
  expect(page).toContain('5 residue cycles (1 with a kill -9), 0 with residue; 1 rounds not run');
  expect(page).toContain('- S99 a, cheat:x: the cheat passed');
});

test('the page of proofs is the same for the same results, however long they took', () => {
  const slower = { ...document, reports: document.reports.map((report) => ({ ...report, tookMs: 99 })) };
  expect(proofsPage(slower)).toBe(proofsPage(document));
});

test('what verify prints with --json is what --merge reads', () => {
  expect(verifySchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
});
