import { usageError } from '../core/index.ts';
import type { Alert } from './alert/index.ts';
import { createEngine } from './engine/index.ts';
import type { DetectorEvent } from './event/types.ts';
import { compileFilter, createFilterSet } from './filter/index.ts';
import { readBinaryField } from './recording/binary/event.ts';
import { loadRulesFrom } from './recording/load-rules.ts';
import { recordedBatches, type RecordingOptions } from './recording/recorded-events.ts';
import { readRulesFiles } from './recording/rules-files.ts';
import { loadRules, type Diagnostic, type LoadOptions, type Ruleset } from './ruleset/index.ts';

export interface ReplayOptions extends RecordingOptions {
  /** Rules files or folders. */
  readonly rules: readonly string[];
  readonly matching?: 'first' | 'all';
  /** Leaves out rules that their files switch off. By default a replay asks them too, as it is there to try rules. */
  readonly enabledOnly?: boolean;
}

/**
 * The alerts that rules raise on recorded events, as they come. `replayJson()` prints one as a line. Fails with
 * KubedrillError when the rules do not load or the events cannot be read.
 */
export async function* replay(options: ReplayOptions): AsyncGenerator<Alert> {
  const selections: LoadOptions = options.enabledOnly === true ? {} : { selections: [{ enable: { rule: '*' } }] };
  const ruleset = await loadRulesFrom(options.rules, selections);
  const engine = createEngine({ ruleset, matching: options.matching ?? 'first', readField: readBinaryField });
  for await (const batch of recordedBatches(options)) {
    for (const event of batch) for (const alert of engine.process(event)) yield alert;
  }
}

/** The events of files that fulfil a condition. Fails with KubedrillError for a condition that does not compile. */
export async function* filterEvents(condition: string, options: RecordingOptions): AsyncGenerator<DetectorEvent> {
  const filter = compileFilter(condition);
  if (!filter.ok) {
    throw usageError({
      what: `the condition does not compile, at character ${String(filter.offset + 1)}`,
      why: filter.message,
      hint: 'kubedrill detector fields lists the fields; quote the condition for the shell',
    });
  }
  for await (const batch of recordedBatches(options)) {
    for (const event of batch) if (filter.matches(event)) yield event;
  }
}

/** What a filter of a batch found: the numbers of the events, or why it does not compile. */
export type BatchResult =
  { readonly filter: string; readonly match: readonly number[] } | { readonly filter: string; readonly error: string };

/** Runs many conditions over the same events, which are read once; the results are in the order of the conditions. */
export async function filterBatch(
  conditions: readonly string[],
  options: RecordingOptions,
): Promise<readonly BatchResult[]> {
  const filters = createFilterSet(conditions);
  const matches = conditions.map((): number[] => []);
  for await (const batch of recordedBatches(options)) {
    for (const event of batch) for (const index of filters.matching(event)) matches[index]?.push(event.number);
  }
  return conditions.map((filter, index) => {
    const error = filters.errors.get(index);
    return error === undefined ? { filter, match: matches[index] ?? [] } : { filter, error };
  });
}

/** What `detector validate --json` prints. */
export interface ValidationReport {
  readonly successful: boolean;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** Present when the rules load. */
  readonly ruleset?: Ruleset;
}

/** Loads rules files and says all that is wrong with them. Fails with KubedrillError when one cannot be read. */
export async function validateRules(paths: readonly string[], options: LoadOptions = {}): Promise<ValidationReport> {
  const result = loadRules(await readRulesFiles(paths), options);
  return { successful: result.errors.length === 0, ...result };
}
