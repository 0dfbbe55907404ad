import type { Alert } from '../../../detector/alert/index.ts';
import { createEngine } from '../../../detector/engine/index.ts';
import { AuditEvent } from '../../../detector/event/audit-event.ts';
import { MapEvent, type FieldMap } from '../../../detector/event/map-event.ts';
import type { DetectorEvent } from '../../../detector/event/types.ts';
import { createExplainer } from '../../../detector/explain/explain.ts';
import { compileFilter } from '../../../detector/filter/index.ts';
import { loadRules, type RuleSelection, type Ruleset } from '../../../detector/ruleset/index.ts';
import type { Material } from '../material.ts';
import { compared, type Case, type Suite } from '../suite.ts';

const SYSCALL_RULES = ['rules/falco_rules.yaml', 'rules/falco-incubating_rules.yaml', 'rules/falco-sandbox_rules.yaml'];
const AUDIT_RULES = ['rules/k8s_audit_rules.yaml'];
const ALL_RULES: readonly RuleSelection[] = [{ enable: { rule: '*' } }];

/** The official rule files, unmodified: rules that load. */
export const officialRulesSuite: Suite = {
  name: 'official rules that load',
  passes: 141,
  of: 141,
  exempt: {},
  run: (material) =>
    [...SYSCALL_RULES, ...AUDIT_RULES].flatMap((path): readonly Case[] => {
      const [file] = material.rules(path);
      const { ruleset, errors } = loadRules(file === undefined ? [] : [file]);
      const names = [...(file?.content ?? '').matchAll(/^- rule: (.+)$/gm)].map(([, name = '']) => name.trim());
      return names.map((name) => {
        const isThere = ruleset?.rules.some((rule) => rule.name === name) === true;
        return isThere ? { name } : { name, problem: errors[0]?.message ?? 'is not there' };
      });
    }),
};

interface RecordedAlert {
  readonly 'evt.num'?: number;
  readonly rule: string;
  readonly priority: string;
  readonly tags: readonly string[];
  readonly output: string;
}

/** Recorded attacks, judged by all rules: exactly the alerts of real Falco, with priority, tags and text. */
export const attacksSuite: Suite = {
  name: 'recorded attacks',
  passes: 60,
  of: 60,
  exempt: {},
  run: (material) => {
    const ruleset = rulesetOf(material, SYSCALL_RULES);
    return material.names('corpus', '.alerts.json').map((name) => {
      const recorded = material.json<readonly RecordedAlert[]>(`corpus/${name}.alerts.json`);
      const alerts = judge(ruleset, recordedEvents(material, name));
      return compared(name, alerts.map(summary).sort(), recorded.map(recordedSummary).sort());
    });
  },
};

/** Audit events: exactly the alerts of real Falco, with priority, tags and message. */
export const auditSuite: Suite = {
  name: 'Kubernetes audit events',
  passes: 39,
  of: 39,
  exempt: {},
  run: (material) => {
    const ruleset = rulesetOf(material, AUDIT_RULES);
    return material.names('k8saudit', '.alerts.json').map((name) => {
      const recorded = material.json<readonly RecordedAlert[]>(`k8saudit/${name}.alerts.json`);
      const events = material
        .lines(`k8saudit/${name}.events.json`)
        .map((json, index) => new AuditEvent(json, index + 1));
      const alerts = judge(ruleset, events);
      return compared(name, alerts.map(auditSummary).sort(), recorded.map(recordedAuditSummary).sort());
    });
  },
};

/** The same attacks, explained: each rule's condition is true as a tree for exactly the events that Falco reported. */
export const explanationsSuite: Suite = {
  name: 'recorded attacks, explained',
  passes: 60,
  of: 60,
  exempt: {},
  run: (material) => {
    const { rules } = rulesetOf(material, SYSCALL_RULES);
    return material.names('corpus', '.alerts.json').map((name) => {
      const recorded = material.json<readonly RecordedAlert[]>(`corpus/${name}.alerts.json`);
      const events = recordedEvents(material, name);
      const fired = rules.flatMap((rule) => {
        const explainer = createExplainer(rule.condition);
        const seen = events.filter(({ type }) => rule.eventTypes?.has(type) !== false);
        const hits = seen.filter((event) => explainer.explain(event).verdict === 'true');
        return hits.map(({ number }) => `${String(number)} | ${rule.name}`);
      });
      return compared(
        name,
        fired.sort(),
        recorded.map((alert) => `${String(alert['evt.num'])} | ${alert.rule}`).sort(),
      );
    });
  },
};

interface GoldenFilter {
  readonly actions: readonly string[];
  readonly filter: string;
  readonly match?: readonly number[];
  readonly error?: string;
}

/** Random conditions over recorded events: the events they match, or that they do not compile. */
export const goldenFiltersSuite: Suite = {
  name: 'conditions over recordings',
  passes: 1270,
  of: 1272,
  exempt: {
    '(len(fd.nameraw) = 15 or': 'the recording tells a shorter path (/tmp/run.tmp) than the one that Falco measured',
    '(not (proc.exepath iglob /TMP/SID/BUILD/EVGEN)':
      'the recording tells another path than the one that Falco compared',
  },
  run: (material) => {
    const events = new Map<string, readonly DetectorEvent[]>();
    for (const name of material.names('corpus', '.alerts.json')) events.set(name, recordedEvents(material, name));
    const filters = material.lines('golden-filters.jsonl.gz') as unknown as readonly GoldenFilter[];
    return filters.map(({ filter: condition, actions, match, error }) => {
      const filter = compileFilter(condition);
      if (!filter.ok) return compared(condition, 'refused', error === undefined ? 'accepted' : 'refused');
      const seen = actions.flatMap((action) => events.get(action) ?? []);
      const numbers = seen.filter((event) => filter.matches(event)).map((event) => event.number);
      return compared(
        condition,
        numbers.sort((a, b) => a - b),
        match ?? error,
      );
    });
  },
};

function rulesetOf(material: Material, paths: readonly string[]): Ruleset {
  const { ruleset, errors } = loadRules(material.rules(...paths), { selections: ALL_RULES });
  if (ruleset === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return ruleset;
}

/** The recordings name no container; Falco saw that of the host. */
function recordedEvents(material: Material, name: string): readonly DetectorEvent[] {
  const lines = material.lines(`corpus/${name}.events.jsonl.gz`) as readonly FieldMap[];
  return lines.map((fields) => new MapEvent(fields, { defaults: { 'container.id': 'host' } }));
}

function judge(ruleset: Ruleset, events: readonly DetectorEvent[]): readonly Alert[] {
  const engine = createEngine({ ruleset, matching: 'all' });
  return events.flatMap((event) => engine.process(event));
}

function summary(alert: Alert): string {
  return [alert.eventNumber, alert.rule, alert.priority, alert.tags.join(), alert.output].join(' | ');
}

function recordedSummary(alert: RecordedAlert): string {
  return [alert['evt.num'], alert.rule, alert.priority, alert.tags.join(), alert.output].join(' | ');
}

/** Falco was told to write times in ISO 8601, so only what follows them is compared. */
function auditSummary(alert: Alert): string {
  return [alert.rule, alert.tags.join(), `${alert.priority} ${alert.message}`].join(' | ');
}

function recordedAuditSummary(alert: RecordedAlert): string {
  return [alert.rule, alert.tags.join(), alert.output.replace(/^\S+ /, '')].join(' | ');
}
