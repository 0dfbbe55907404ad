import { ownRules } from '../../detector/addon/own-rules.ts';
import { loadRules } from '../../detector/ruleset/index.ts';
import { STABLE_ACTIONS } from '../support/detector-actions/actions.ts';
import { ACTIVITY_ACTIONS } from '../support/detector-actions/activity-actions.ts';
import { AUDIT_ACTIONS } from '../support/detector-actions/audit-actions.ts';
import { KD_ACTIONS } from '../support/detector-actions/kd-actions.ts';
import { MORE_ACTIONS } from '../support/detector-actions/more-actions.ts';

const inPods = [...STABLE_ACTIONS, ...MORE_ACTIONS].flatMap(({ rule, own = [rule] }) => own);
const onClusters = [...AUDIT_ACTIONS, ...ACTIVITY_ACTIONS, ...KD_ACTIONS].flatMap(({ rule, fires = [{ rule }] }) =>
  fires.map((one) => one.rule),
);
const done = new Set([...inPods, ...onClusters]);
const rules = (loadRules(ownRules()).ruleset?.rules ?? []).map(({ name }) => name);

describe('the actions on a real cluster', () => {
  test('raise every rule of our own', () => {
    expect(rules.filter((name) => !done.has(name))).toEqual([]);
  });

  test('expect no rule that there is not', () => {
    expect(rules.length).toBeGreaterThan(100);
    expect([...done].filter((name) => !rules.includes(name))).toEqual([]);
  });
});
