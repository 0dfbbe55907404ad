import { compileFormat, type OutputFormat } from '../alert/format.ts';
import type { FieldReference, FieldTable } from '../event/field-table.ts';
import type { Provision } from '../event/provided.ts';
import type { EventSource } from '../event/types.ts';
import type { Expression, MacroCall } from '../filter/ast.ts';
import { checkExpression, type Finding } from '../filter/check.ts';
import { eventTypesOf } from '../filter/event-types.ts';
import { printExpression } from '../filter/printer.ts';
import { DEPRECATED_FIELDS, habitWarnings } from '../filter/warnings.ts';
import { additionsFor, type AppendOutput } from './append-output.ts';
import type { CollectedRule } from './collect.ts';
import { AlreadyReported, guarded, LoadProblem, type Diagnostics } from './diagnostics.ts';
import { withExceptions } from './exception-text.ts';
import type { ListExpander } from './expand-lists.ts';
import { locate, type MappedText } from './mapped-text.ts';
import { lacksOf } from './provided.ts';
import { parseMapped, type MacroResolver } from './resolve-macros.ts';
import type { Located } from './source-file.ts';
import type { CompiledRule } from './types.ts';

export interface RuleCompilerOptions {
  readonly table: FieldTable;
  readonly lists: ListExpander;
  readonly macros: MacroResolver;
  readonly diagnostics: Diagnostics;
  readonly appendOutput: readonly AppendOutput[];
  /** What the sources provide; without it, everything. */
  readonly provision?: Provision;
}

/** Compiles the rules whose source is known. A rule that has a problem is left out and reported. */
export function compileRules(rules: Iterable<CollectedRule>, options: RuleCompilerOptions): readonly CompiledRule[] {
  return [...rules]
    .filter((rule) => rule.isOfKnownSource)
    .flatMap((rule) => guarded(options.diagnostics, () => compileRule(rule, options)) ?? []);
}

function compileRule(rule: CollectedRule, options: RuleCompilerOptions): CompiledRule | undefined {
  const additions = additionsFor(rule, options.appendOutput);
  const output = compileOutput(rule, additions.texts, options);
  const text = options.lists.expand(withExceptions(rule.condition, rule.exceptions, rule.at));
  const condition = options.macros.resolve(parseMapped(text), text, Infinity);
  const fields = checkCondition(rule, condition, text, options);
  if (output === undefined || fields === undefined) return undefined;
  const eventTypes = rule.source === 'syscall' ? eventTypesOf(condition) : undefined;
  if (rule.source === 'syscall' && rule.warnEventTypes) warnOfManyTypes(rule, eventTypes, options);
  return {
    name: rule.name,
    source: rule.source as EventSource,
    priority: rule.priority,
    tags: [...new Set(rule.tags)].sort(),
    description: rule.description,
    enabled: rule.enabled && canFire(rule, fields, eventTypes, options),
    condition,
    conditionText: printExpression(condition),
    conditionSource: rule.condition.text,
    eventTypes,
    fields,
    output: output.format,
    outputText: output.text,
    extraFields: extraFields(rule, additions.fields, options),
    capture: rule.capture,
    captureDurationMs: rule.captureDurationMs,
    place: rule.at.file.placeOf(rule.at.offset),
  };
}

/** Undefined for a rule that is to be skipped for an unknown name. */
function compileOutput(
  rule: CollectedRule,
  additions: readonly string[],
  options: RuleCompilerOptions,
): { readonly format: OutputFormat; readonly text: string } | undefined {
  const { diagnostics } = options;
  const written = [rule.output.text, ...additions].join(' ');
  if (written.includes('%container.info')) {
    diagnostics.warning(
      'LOAD_DEPRECATED_ITEM',
      '%container.info is deprecated; name the fields of the container that the output shall have',
      locate(rule.output, rule.output.text.indexOf('%container.info')),
    );
  }
  const text = written.replaceAll('%container.info', '');
  warnOfDeprecatedOutput(rule, text, diagnostics);
  // Values that are missing are printed as <NA>, as Falco does for rules.
  const compiled = compileFormat(`*${text}`, options.table);
  if (compiled.ok) return { format: compiled.format, text };
  const at = locate(rule.output, compiled.offset - 1);
  if (!compiled.isUnknownName || !rule.skipIfUnknownFilter) {
    throw new LoadProblem('LOAD_ERR_COMPILE_OUTPUT', compiled.message, at);
  }
  diagnostics.warning('LOAD_UNKNOWN_FILTER', `unknown filter: ${compiled.message}`, at);
  return undefined;
}

function warnOfDeprecatedOutput(rule: CollectedRule, text: string, diagnostics: Diagnostics): void {
  for (const [name, why] of DEPRECATED_FIELDS) {
    if (!text.includes(`%${name}`)) continue;
    diagnostics.warning(
      'LOAD_DEPRECATED_ITEM',
      `usage of deprecated field '${name}' has been detected in the rule output: ${why}`,
      locate(rule.output, Math.max(0, rule.output.text.indexOf(`%${name}`))),
    );
  }
}

function extraFields(
  rule: CollectedRule,
  fields: ReadonlyMap<string, string>,
  options: RuleCompilerOptions,
): ReadonlyMap<string, OutputFormat> {
  const compiled = [...fields].map(([name, text]): readonly [string, OutputFormat] => {
    const format = compileFormat(`*${text}`, options.table);
    if (!format.ok) throw new LoadProblem('LOAD_ERR_COMPILE_OUTPUT', format.message, rule.at);
    return [name, format.format];
  });
  return new Map(compiled);
}

/** The fields of the condition; undefined for a rule that is to be skipped for an unknown name. */
function checkCondition(
  rule: CollectedRule,
  condition: Expression,
  text: MappedText,
  { table, macros, diagnostics }: RuleCompilerOptions,
): readonly FieldReference[] | undefined {
  const checked = checkExpression(condition, table);
  for (const warning of [...habitWarnings(condition), ...checked.warnings]) {
    diagnostics.warning(warning.code, warning.message, placeOfUse(warning, text));
  }
  if (checked.problems.length === 0) return checked.fields;
  const isSkipped = rule.skipIfUnknownFilter && checked.problems.every((problem) => problem.isUnknownName);
  for (const problem of checked.problems) {
    const at = placeOf(problem, text, macros);
    if (isSkipped) diagnostics.warning('LOAD_UNKNOWN_FILTER', problem.message, at);
    else diagnostics.error('LOAD_ERR_COMPILE_CONDITION', problem.message, at);
  }
  if (isSkipped) return undefined;
  throw new AlreadyReported(rule.name);
}

/** Where the finding itself stands, if in the text of a macro. */
function placeOf({ macros, span }: Finding, text: MappedText, resolver: MacroResolver): Located {
  const innermost = macros.at(-1);
  const ownText = innermost === undefined ? text : resolver.textOf(innermost.name);
  return locate(ownText ?? text, span.start);
}

/** Where the rule has what leads to the finding. */
function placeOfUse({ macros, span }: Finding, text: MappedText): Located {
  const outermost: MacroCall | undefined = macros[0];
  return locate(text, (outermost ?? span).start);
}

const MANY_TYPES = 100;

function warnOfManyTypes(
  rule: CollectedRule,
  eventTypes: ReadonlySet<string> | undefined,
  { diagnostics }: RuleCompilerOptions,
): void {
  if (eventTypes !== undefined && eventTypes.size > 0 && eventTypes.size <= MANY_TYPES) return;
  const message = 'Rule matches too many evt.type values. This has a significant performance penalty.';
  diagnostics.warning('LOAD_NO_EVTTYPE', message, rule.at);
}

/** A rule whose condition needs what nobody provides is reported, and switched off: it could be wrongly true as well. */
function canFire(
  rule: CollectedRule,
  fields: readonly FieldReference[],
  eventTypes: ReadonlySet<string> | undefined,
  { provision, diagnostics }: RuleCompilerOptions,
): boolean {
  if (provision === undefined || !rule.enabled) return true;
  const lacks = lacksOf(fields, eventTypes, provision);
  for (const name of lacks.fields) {
    diagnostics.warning(
      'LOAD_NOT_PROVIDED',
      `field ${name} is not provided yet: rule '${rule.name}' cannot fire`,
      rule.at,
    );
  }
  if (lacks.isBlind || lacks.eventTypes.length > 0) {
    const names = shortList(lacks.eventTypes);
    const events = lacks.eventTypes.length === 1 ? `event ${names} is` : `events ${names} are`;
    const effect = lacks.isBlind ? 'cannot fire' : 'does not see them';
    const code = lacks.isBlind ? 'LOAD_NOT_PROVIDED' : 'LOAD_PARTLY_PROVIDED';
    diagnostics.warning(code, `${events} not provided yet: rule '${rule.name}' ${effect}`, rule.at);
  }
  return lacks.fields.length === 0 && !lacks.isBlind;
}

function shortList(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${String(names.length - 8)} more`;
}
