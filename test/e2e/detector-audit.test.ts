import { ownRules } from '../../detector/addon/own-rules.ts';
import type { AlertDocument } from '../../detector/index.ts';
import { ACTIVITY_ACTIONS } from '../support/detector-actions/activity-actions.ts';
import { AUDIT_ACTIONS } from '../support/detector-actions/audit-actions.ts';
import { STAGE, WAITING_POD, type ClusterAction, type Expected } from '../support/detector-actions/cluster-action.ts';
import { KD_ACTIONS } from '../support/detector-actions/kd-actions.ts';
import { performOnCluster, type ClusterPerformed } from '../support/detector-actions/perform-cluster.ts';
import { clusterLine, latencyLine } from '../support/detector-actions/report.ts';
import { detectorLab, loadRules } from '../support/detector-lab.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';

const gap = await engineGap();
const ACTIONS = [...AUDIT_ACTIONS, ...ACTIVITY_ACTIONS, ...KD_ACTIONS];
const MINUTE_MS = 60_000;

/** An alert as far as an action has to say it, as one line. */
function named({ rule, user, namespace, pod }: Expected): string {
  return `${rule}: ${user ?? 'nobody'} in ${namespace ?? 'none'}, ${pod ?? 'no pod'}`;
}

function expectedOf({ rule, where, fires = [{ rule }] }: ClusterAction): readonly string[] {
  const defaults = {
    user: where === 'api' ? 'kubernetes-admin' : 'root',
    namespace: STAGE,
    ...(where === 'pod' ? { pod: WAITING_POD } : {}),
  };
  return fires.map((expected) => named({ ...defaults, ...expected })).sort();
}

/** What a controller makes up at the end of a name is left out. */
function told({ rule, attribution: { user, namespace, pod } }: AlertDocument): string {
  const name = pod?.replace(/^(.+-pod)-[a-z0-9]+-[a-z0-9]+$/, '$1-*');
  return named({ rule, ...(user && { user }), ...(namespace && { namespace }), ...(name && { pod: name }) });
}

(gap === undefined ? describe : describe.skip)(`what is done to a cluster and its node${gap ?? ''}`, () => {
  let performed: readonly ClusterPerformed[] = [];

  beforeAll(async () => {
    performed = await performOnCluster(await detectorLab(E2E_LAB), ACTIONS);
    const lines = performed.map((one) => clusterLine(one, expectedOf(one.action), one.alerts.map(told)));
    process.stderr.write(`${lines.join('\n')}\n${latencyLine(performed)}\n`);
  }, 4 * MINUTE_MS);

  afterAll(async () => loadRules(await detectorLab(E2E_LAB), ownRules()), 4 * MINUTE_MS);

  test.each(ACTIONS.map((action) => [action.rule, action.does, action] as const))(
    '%s: one who %s is named',
    (_rule, _does, action) => {
      const one = performed.find((other) => other.action === action);
      expect(one?.error).toBeUndefined();
      expect(one?.alerts.map(told).sort()).toEqual(expectedOf(action));
    },
  );

  test('a session that the audit log tells of is linked with the process that the sensor saw begin', () => {
    const opened = performed.find(({ action }) => action.rule === 'Attach/Exec Pod')?.alerts[0];
    expect(opened?.attribution.entry).toMatchObject({
      command: 'nsenter --version',
      node: `${E2E_LAB}-control-plane`,
    });
  });
});
