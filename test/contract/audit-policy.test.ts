import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownRules } from '../../detector/addon/own-rules.ts';
import { loadRules, type CompiledRule, type RulesFile } from '../../detector/ruleset/index.ts';
import { auditPolicy, type AuditLevel } from '../../labs/provider/audit-policy.ts';
import {
  API_REQUESTS,
  API_RESOURCES,
  API_USERS,
  byEverybody,
  type UserRequest,
} from '../support/audit-policy/api-requests.ts';
import { levelOf } from '../support/audit-policy/policy-level.ts';
import { levelNeeded, looksAt } from '../support/audit-policy/rule-needs.ts';
import { falcoFactsFolder } from '../support/falco-facts.ts';

const OFFICIAL = join(falcoFactsFolder(), 'rules', 'k8s_audit_rules.yaml');
const LEVELS: readonly AuditLevel[] = ['None', 'Metadata', 'Request', 'RequestResponse'];
/** Asks for everything there is: what the policy leaves out, it does not get. */
const EVERYTHING = 'All K8s Audit Events';
/** Falco ships some rules with a macro that keeps them silent, for users to replace. */
const SWITCHED_ON: RulesFile = {
  name: 'switched-on.yaml',
  content: ['allowed_k8s_containers', 'allowed_full_admin_users', 'allow_all_k8s_nodes']
    .map((macro) => `- {macro: ${macro}, condition: k8s_audit_never_true, override: {condition: replace}}`)
    .join('\n'),
};
const policy = auditPolicy();
const requests = API_REQUESTS.flatMap(byEverybody);

function officialFile(): RulesFile {
  return { name: 'k8s_audit_rules.yaml', content: readFileSync(OFFICIAL, 'utf8') };
}

function auditRules(files: readonly RulesFile[]): readonly CompiledRule[] {
  const rules = loadRules(files).ruleset?.rules ?? [];
  return rules.filter(({ source, name }) => source === 'k8s_audit' && name !== EVERYTHING);
}

function words({ user, verb, stage, resource, path }: UserRequest): string {
  const what = resource === undefined ? (path ?? '') : [resource.name, resource.subresource].filter(Boolean).join('/');
  return `${user.name}: ${verb} ${what} (${stage})`;
}

function rank(level: AuditLevel): number {
  return LEVELS.indexOf(level);
}

/** Every resource and subresource that conditions compare with, as they stand there. */
function resourcesNamed(rules: readonly CompiledRule[]): ReadonlySet<string> {
  const found = rules.flatMap(({ conditionText }) => [
    ...conditionText.matchAll(/ka\.target\.(?:sub)?resource (?:=|in) (\([^)]*\)|\S+)/g),
  ]);
  return new Set(found.flatMap(([, values = '']) => values.replace(/[()]/g, '').split(/, ?/)));
}

function holdsFor(rules: readonly CompiledRule[]): void {
  test('the requests that are tried have every resource that a rule names', () => {
    const tried = API_RESOURCES.flatMap(({ name, subresource = '' }) => [name, subresource]);
    const named = resourcesNamed(rules);
    expect(named.size).toBeGreaterThan(10);
    expect([...named].filter((name) => !tried.includes(name))).toEqual([]);
  });

  test.each(rules.map((rule) => [rule.name, rule] as const))(
    '%s is written with all that the rule looks at',
    (_name, rule) => {
      const needed = levelNeeded(rule);
      const requestsOfRule = looksAt(rule);
      expect(requestsOfRule.length).toBeGreaterThan(0);
      const tooLittle = requestsOfRule.filter((request) => rank(levelOf(policy, request)) < rank(needed));
      expect(tooLittle.map(words)).toEqual([]);
    },
  );
}

describe('the audit policy of a lab', () => {
  describe('for the rules of our own', () => {
    holdsFor(auditRules(ownRules()));
  });

  const gap = existsSync(OFFICIAL) ? '' : ` [optional] [skipped: Falco's rules are not in ${falcoFactsFolder()}]`;
  (gap === '' ? describe : describe.skip)(`for Falco's rules${gap}`, () => {
    holdsFor(gap === '' ? auditRules([officialFile(), SWITCHED_ON]) : []);
  });

  test('keeps no body of a Secret or a token, whoever writes or reads it', () => {
    const ofSecrets = requests.filter(
      ({ resource }) =>
        resource?.name === 'secrets' || resource?.subresource === 'token' || resource?.name === 'tokenreviews',
    );
    expect(ofSecrets.length).toBeGreaterThan(100);
    expect(ofSecrets.filter((request) => rank(levelOf(policy, request)) > rank('Metadata')).map(words)).toEqual([]);
  });

  test.each([
    ['a kubelet renews its lease', 'system:node:lab-worker', 'update', 'coordination.k8s.io', 'leases'],
    ['a kubelet reports its pods', 'system:node:lab-worker', 'patch', '', 'pods/status'],
    ['a controller watches', 'system:serviceaccount:kube-system:replicaset-controller', 'watch', 'apps', 'deployments'],
    ['an add-on writes an event', 'system:serviceaccount:shop:web', 'create', '', 'events'],
  ])('does not grow while %s', (_says, name, verb, group, what) => {
    const user = API_USERS.find((one) => one.name === name);
    if (user === undefined) throw new Error(`there is no ${name}`);
    const [resource = '', subresource] = what.split('/');
    const target = { group, name: resource, ...(subresource === undefined ? {} : { subresource }) };
    expect(levelOf(policy, { user, verb, stage: 'ResponseComplete', resource: target })).toBe('None');
  });
});
