import { ownRules } from '../../detector/addon/own-rules.ts';
import { STABLE_ACTIONS, type DetectorAction } from '../support/detector-actions/actions.ts';
import { MORE_ACTIONS } from '../support/detector-actions/more-actions.ts';
import { canBeDone, performAll, type Performed } from '../support/detector-actions/perform.ts';
import { NAMESPACE, PODS } from '../support/detector-actions/pods.ts';
import { latencyLine, resultLine } from '../support/detector-actions/report.ts';
import { detectorLab, loadRules, statsOf, type DetectorLab } from '../support/detector-lab.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';
import { officialRules, officialRulesGap } from '../support/official-rules.ts';

const gap = (await engineGap()) ?? (process.arch === 'x64' ? undefined : ' [skipped: its programs are for x86-64]');
const officialGap = gap ?? officialRulesGap();
const ACTIONS = [...STABLE_ACTIONS, ...MORE_ACTIONS];
const MINUTE_MS = 60_000;

/** Does all actions before the tests, and shows what came of them. */
function withPerformed(
  title: string,
  prepare: (lab: DetectorLab) => Promise<void>,
  expected: (action: DetectorAction) => readonly string[],
  end?: (lab: DetectorLab) => Promise<void>,
): void {
  let performed: readonly Performed[];

  beforeAll(async () => {
    const lab = await detectorLab(E2E_LAB);
    await prepare(lab);
    performed = await performAll(lab, ACTIONS);
    const lines = performed.map((one) => resultLine(one, expected(one.action)));
    process.stderr.write(`${title}\n${lines.join('\n')}\n${latencyLine(performed)}\n`);
  }, 6 * MINUTE_MS);

  if (end !== undefined) afterAll(async () => end(await detectorLab(E2E_LAB)), 4 * MINUTE_MS);

  const of = (action: DetectorAction): Performed => {
    const found = performed.find((one) => one.action === action);
    if (found === undefined) throw new Error('the action was not done');
    return found;
  };

  for (const action of ACTIONS) {
    const isDone = canBeDone(action);
    const skipped = isDone ? '' : ` [optional] [skipped: this machine has no ${action.needs ?? ''}]`;
    (isDone ? test : test.skip)(`${action.rule}: one who ${action.does} is named${skipped}`, () => {
      const { error, alerts, image, pod } = of(action);
      expect(error).toBeUndefined();
      expect(alerts.map(({ rule }) => rule).sort()).toEqual([...expected(action)].sort());
      const { user, uid } = PODS[action.pod];
      const place = { pod, namespace: NAMESPACE, container: 'stage', image: `docker.io/${image.split(':')[0] ?? ''}` };
      for (const { attribution } of alerts) {
        expect(attribution).toMatchObject({ ...place, uid });
        expect(attribution.user).toBe(user);
      }
    });
  }
}

(gap === undefined ? describe : describe.skip)(`actions in real pods, under the rules of kubedrill${gap ?? ''}`, () => {
  withPerformed(
    'under the rules of kubedrill',
    () => Promise.resolve(),
    ({ rule, own = [rule] }) => own,
  );
});

(officialGap === undefined ? describe : describe.skip)(
  `actions in real pods, under Falco's rules as they are${officialGap ?? ''}`,
  () => {
    withPerformed(
      "under Falco's rules",
      (lab) => loadRules(lab, officialRules()),
      ({ rule, official = [rule] }) => official,
      (lab) => loadRules(lab, ownRules()),
    );

    // Falco's rules ask for sendto, and by sendto each event goes from the sensor to the engine.
    test('the sensor does not report how it reports', async () => {
      const { nodes } = await detectorLab(E2E_LAB);
      const sent = await Promise.all(nodes.map(async (node) => (await statsOf(node)).events.emitted['sendto'] ?? 0));
      expect(Math.max(...sent)).toBeLessThan(100_000);
    });
  },
);
