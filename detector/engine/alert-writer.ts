import { createFormatter, type Formatter } from '../alert/format.ts';
import type { Alert } from '../alert/types.ts';
import { timeOfDay } from '../event/time-text.ts';
import type { DetectorEvent, FieldValue } from '../event/types.ts';
import type { Program } from '../filter/compile.ts';
import type { CompiledRule } from '../ruleset/types.ts';

/** Makes alerts of events; how a rule's output is formatted is worked out when it first matches. */
export interface AlertWriter {
  alert(rule: CompiledRule, event: DetectorEvent): Alert;
}

/** A writer that reads fields with the program's memory of the event. */
export function createAlertWriter(program: Program, hostname: string): AlertWriter {
  const formatters = new Map<CompiledRule, RuleFormatter>();
  return {
    alert: (rule, event) => {
      const known = formatters.get(rule);
      const formatter = known ?? ruleFormatter(rule, program);
      if (known === undefined) formatters.set(rule, formatter);
      return alertOf(rule, event, formatter, hostname);
    },
  };
}

interface RuleFormatter {
  readonly output: Formatter;
  readonly extra: readonly (readonly [name: string, formatter: Formatter])[];
}

function ruleFormatter(rule: CompiledRule, program: Program): RuleFormatter {
  const extractorOf = program.extractor.bind(program);
  return {
    output: createFormatter(rule.output, extractorOf),
    extra: [...rule.extraFields].map(([name, format]) => [name, createFormatter(format, extractorOf)] as const),
  };
}

function alertOf(rule: CompiledRule, event: DetectorEvent, { output, extra }: RuleFormatter, hostname: string): Alert {
  const message = output.text(event).text;
  const { timeNs } = event;
  return {
    rule: rule.name,
    priority: rule.priority,
    source: event.source,
    tags: rule.tags,
    timeNs,
    eventNumber: event.number,
    hostname,
    output: `${timeOfDay(timeNs)}: ${rule.priority} ${message}`,
    message,
    outputFields: extra.length === 0 ? output.values(event) : { ...output.values(event), ...extraValues(extra, event) },
    event,
  };
}

/** A field that is a format of one value has that value with its type, and a longer one its text. */
function extraValues(extra: RuleFormatter['extra'], event: DetectorEvent): Readonly<Record<string, FieldValue | null>> {
  return Object.fromEntries(
    extra.map(([name, formatter]) => {
      const values = Object.values(formatter.values(event));
      const [only] = values;
      return [name, values.length === 1 && only !== undefined ? only : formatter.text(event).text];
    }),
  );
}
