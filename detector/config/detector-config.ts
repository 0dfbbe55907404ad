import { z } from 'zod';
import type { Priority } from '../alert/types.ts';
import type { AppendOutput } from '../ruleset/append-output.ts';
import type { RuleSelection } from '../ruleset/select-rules.ts';
import type { RulesFile } from '../ruleset/types.ts';
import { listenAddress, output, priority, type OutputConfig } from './outputs-schema.ts';
import { readYaml, type ConfigProblem, type YamlText } from './read-yaml.ts';

/** The configuration of the engine: what `detector.yaml` says, with what it leaves out filled in. */
export interface DetectorConfig {
  /** Files and folders of rules, in the order in which they are loaded; absent: the rules that are shipped. */
  readonly rules?: readonly string[];
  readonly ruleMatching: 'all' | 'first';
  readonly minimumPriority: Priority;
  readonly selections: readonly RuleSelection[];
  readonly appendOutput: readonly AppendOutput[];
  readonly outputs: readonly OutputConfig[];
  /** Where `/metrics` and `/healthz` are served besides the Channel. */
  readonly listen?: { readonly address: string; readonly port: number };
}

export type ConfigResult =
  | { readonly ok: true; readonly config: DetectorConfig }
  | {
      readonly ok: false;
      readonly problems: readonly ConfigProblem[];
      /** The rules that it names, if that much can be read: they can then be looked at as well. */
      readonly rules?: readonly string[];
    };

const text = z.string().min(1);
const selected = z
  .strictObject({ rule: text.optional(), tag: text.optional() })
  .refine(({ rule, tag }) => rule !== undefined || tag !== undefined, 'a rule or a tag is needed');

const schema = z.strictObject({
  rules: z.array(text).min(1).optional(),
  rule_matching: z.enum(['all', 'first']).default('all'),
  priority: priority.default('Debug'),
  select: z.array(z.union([z.strictObject({ enable: selected }), z.strictObject({ disable: selected })])).default([]),
  append_output: z
    .array(
      z.strictObject({
        match: z
          .strictObject({ rule: text.optional(), source: text.optional(), tags: z.array(text).optional() })
          .optional(),
        extra_output: text.optional(),
        extra_fields: z.array(z.union([text, z.record(text, text)])).optional(),
      }),
    )
    .default([]),
  // A challenge expects each of its alerts in the Channel; this is what leaves the engine besides.
  outputs: z.array(output).prefault([{ kind: 'stdout', name: 'stdout' }]),
  listen: listenAddress,
});

/**
 * Reads a configuration: YAML in the form that docs/detector-outputs.md explains. An empty file is the default one.
 * Pure, never throws: everything that is wrong comes back at once, each with its place in the file.
 */
export function readConfig(file: RulesFile): ConfigResult {
  const yaml = readYaml(file);
  if (!yaml.ok) return { ok: false, problems: yaml.problems };
  const parsed = schema.safeParse(yaml.value ?? {});
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => problemsOf(issue, yaml)),
    ...namesUsedTwice(yaml),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems: problems.sort(byPlace), ...rulesIn(yaml) };
  return { ok: true, config: configOf(parsed.data) };
}

/** What holds when there is no configuration at all. */
export function defaultConfig(): DetectorConfig {
  return configOf(schema.parse({}));
}

function configOf(data: z.output<typeof schema>): DetectorConfig {
  return {
    ...(data.rules === undefined ? {} : { rules: data.rules }),
    ruleMatching: data.rule_matching,
    minimumPriority: data.priority,
    selections: data.select as readonly RuleSelection[],
    appendOutput: data.append_output.map(({ match, extra_output: extraOutput, extra_fields: extraFields }) => ({
      ...(match === undefined ? {} : { match: match as NonNullable<AppendOutput['match']> }),
      ...(extraOutput === undefined ? {} : { extraOutput }),
      ...(extraFields === undefined ? {} : { extraFields }),
    })),
    outputs: data.outputs,
    ...(data.listen === undefined ? {} : { listen: data.listen }),
  };
}

function problemsOf(issue: z.core.$ZodIssue, yaml: YamlText): readonly ConfigProblem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => yaml.problemAtKey([...path, key], 'there is no such key'));
  }
  return [yaml.problemAt(path, issue.message)];
}

/** Statistics tell outputs apart by their names. Looked for in what was written, so that it is found beside other problems. */
function namesUsedTwice(yaml: YamlText): readonly ConfigProblem[] {
  const { outputs } = (yaml.value ?? {}) as { readonly outputs?: unknown };
  if (!Array.isArray(outputs)) return [];
  const names = outputs.map((one: unknown) => (one as { readonly name?: unknown } | null)?.name);
  return names.flatMap((name, n) =>
    typeof name === 'string' && names.indexOf(name) < n
      ? [yaml.problemAt(['outputs', n, 'name'], `another output is called "${name}" too`)]
      : [],
  );
}

function rulesIn({ value }: YamlText): { readonly rules?: readonly string[] } {
  const { data } = z.object({ rules: z.array(text) }).safeParse(value);
  return data ?? {};
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return a.line - b.line || a.column - b.column;
}
