import { ownRules } from '../../../detector/addon/own-rules.ts';
import { createEngine, type Engine } from '../../../detector/engine/index.ts';
import { MapEvent, type FieldMap } from '../../../detector/event/map-event.ts';
import { compileFilter, parseCondition } from '../../../detector/filter/index.ts';
import { openFilterFor, type OpenFilter } from '../../../detector/prefilter/open-filter.ts';
import { loadRules, type Ruleset, type RulesFile } from '../../../detector/ruleset/index.ts';
import { OpenFlag, passes, type Open } from '../../support/open-filter.ts';
import type { Material } from '../material.ts';
import type { Case, Suite } from '../suite.ts';

const OFFICIAL = ['rules/falco_rules.yaml', 'rules/falco-incubating_rules.yaml', 'rules/falco-sandbox_rules.yaml'];
const OPEN_TYPES: ReadonlySet<string> = new Set(['open', 'openat', 'openat2', 'creat']);
/** The recordings name no container. Rules may ask for one or for none: each event is judged as both. */
const PLACES: readonly FieldMap[] = [
  { 'container.id': 'host' },
  { 'container.id': 'abc', 'container.privileged': true, 'k8s.ns.name': 'shop' },
];

/** The opens of recorded attacks under the filter that the kernel has: of those that a rule matches, none is kept back. */
export const prefilterSuite: Suite = {
  name: 'opens that rules match, let pass',
  passes: 300,
  of: 300,
  exempt: {},
  run: (material) => [...rulesets(material)].flatMap(([name, ruleset]) => judgeAll(material, name, ruleset).cases),
  remark: (material) =>
    [...rulesets(material)]
      .map(([name, ruleset]) => judgeAll(material, name, ruleset))
      .map(({ name, opens, matched, keptBack }) => {
        const share = Math.round((100 * keptBack) / opens);
        return `${name}: ${String(share)} % of ${String(opens)} opens kept back, ${String(matched)} matched`;
      }),
};

const TEMPORARY = 'Falco takes a temporary file without a name for a directory, which the events of our sensor do not';

interface GoldenFilter {
  readonly filter: string;
}

/** The same for random conditions: the filter of each by itself lets pass every recorded open that it is true for. */
export const prefilterOfConditionsSuite: Suite = {
  name: 'opens that conditions match, let pass',
  passes: 1270,
  of: 1272,
  exempt: {
    'not (fd.typechar in (f))': TEMPORARY,
    'fd.typechar != f': TEMPORARY,
  },
  run: (material) => {
    const opens = material
      .names('corpus', '.alerts.json')
      .flatMap((recording) => openEvents(material, recording))
      .map((fields) => ({ open: openOf(fields), event: new MapEvent(fields, { defaults: PLACES[0] ?? {} }) }));
    return (material.lines('golden-filters.jsonl.gz') as unknown as readonly GoldenFilter[]).map(({ filter: text }) => {
      const [parsed, condition] = [parseCondition(text), compileFilter(text)];
      if (!parsed.ok || !condition.ok) return { name: text };
      const rule = { enabled: true, source: 'syscall', condition: parsed.expression, eventTypes: undefined } as const;
      const filter = openFilterFor([rule]);
      const lost = opens.filter(
        ({ open, event }) => filter !== undefined && !passes(filter, open) && condition.matches(event),
      );
      return { name: text, problem: lost.length === 0 ? undefined : `keeps back ${JSON.stringify(lost[0]?.open)}` };
    });
  },
};

interface Judged {
  readonly name: string;
  readonly cases: readonly Case[];
  readonly opens: number;
  readonly matched: number;
  readonly keptBack: number;
}

function rulesets(material: Material): ReadonlyMap<string, Ruleset> {
  return new Map([
    ...OFFICIAL.map((path) => [path.slice('rules/'.length), rulesetOf(material.rules(path))] as const),
    ['all official files', rulesetOf(material.rules(...OFFICIAL))],
    ['our rules', rulesetOf(ownRules())],
  ]);
}

function rulesetOf(files: readonly RulesFile[]): Ruleset {
  const { ruleset, errors } = loadRules(files, { selections: [{ enable: { rule: '*' } }] });
  if (ruleset === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return ruleset;
}

function judgeAll(material: Material, name: string, ruleset: Ruleset): Judged {
  const engine = createEngine({ ruleset, matching: 'all' });
  const filter = openFilterFor(ruleset.rules);
  const recordings = material
    .names('corpus', '.alerts.json')
    .map((recording) => judge(material, `${name}: ${recording}`, engine, filter));
  const sum = (of: (one: Judged) => number): number => recordings.reduce((total, one) => total + of(one), 0);
  return {
    name,
    cases: recordings.flatMap(({ cases }) => cases),
    opens: sum(({ opens }) => opens),
    matched: sum(({ matched }) => matched),
    keptBack: sum(({ keptBack }) => keptBack),
  };
}

function judge(material: Material, name: string, engine: Engine, filter: OpenFilter | undefined): Judged {
  const recording = name.slice(name.indexOf(': ') + 2);
  const opens = openEvents(material, recording);
  const seen = opens.map((fields) => ({
    fields,
    isMatched: PLACES.some((defaults) => engine.process(new MapEvent(fields, { defaults })).length > 0),
    isPassed: filter === undefined || passes(filter, openOf(fields)),
  }));
  const lost = seen.filter(({ isMatched, isPassed }) => isMatched && !isPassed);
  const problem =
    lost.length === 0 ? undefined : `keeps back ${lost.map(({ fields }) => textOf(fields, 'evt.num')).join()}`;
  return {
    name,
    cases: [{ name, problem }],
    opens: opens.length,
    matched: seen.filter(({ isMatched }) => isMatched).length,
    keptBack: seen.filter(({ isPassed }) => !isPassed).length,
  };
}

function openEvents(material: Material, recording: string): readonly FieldMap[] {
  const lines = material.lines(`corpus/${recording}.events.jsonl.gz`) as readonly FieldMap[];
  return lines.filter((fields) => OPEN_TYPES.has(textOf(fields, 'evt.type')));
}

/** The open as the kernel saw it. */
function openOf(fields: FieldMap): Open {
  const names = textOf(fields, 'evt.arg.flags').split('|');
  return {
    path: textOf(fields, 'evt.arg.name'),
    flags: names.reduce((flags, name) => flags | (FLAGS[name] ?? 0), 0),
    mode: Number.parseInt(textOf(fields, 'evt.arg.mode') || '0', 8),
    result: Number(textOf(fields, 'evt.rawres')),
  };
}

function textOf(fields: FieldMap, name: string): string {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const FLAGS: Readonly<Record<string, number>> = {
  O_WRONLY: OpenFlag.writeOnly,
  O_RDWR: OpenFlag.readWrite,
  O_CREAT: OpenFlag.create,
  O_TRUNC: OpenFlag.truncate,
  O_DIRECTORY: OpenFlag.directory,
  O_TMPFILE: OpenFlag.temporary,
};
