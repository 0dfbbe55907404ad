import type { Reporter } from './progress.ts';

/** One named step of long work. `undo` is known before `run` is called, and must cope with a `run` that got half-way. */
export interface Step<C> {
  readonly title: string;
  readonly run: (context: C, detail: (text: string) => void) => Promise<void>;
  readonly undo?: (context: C) => Promise<void>;
}

/**
 * Runs the steps in order. When one fails (or `signal` aborts between two), the undo of it and of all before it runs,
 * last first and all of them; then the first error is thrown.
 */
export async function runSteps<C>(
  steps: readonly Step<C>[],
  context: C,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<void> {
  const begun: Step<C>[] = [];
  try {
    for (const step of steps) {
      signal?.throwIfAborted();
      begun.push(step);
      await reporter.stage(step.title, (detail) => step.run(context, detail));
    }
  } catch (error) {
    await undoAll(begun.reverse(), context, reporter);
    throw error;
  }
}

async function undoAll<C>(steps: readonly Step<C>[], context: C, reporter: Reporter): Promise<void> {
  for (const step of steps) {
    if (!step.undo) continue;
    try {
      await step.undo(context);
    } catch (error) {
      reporter.warn(`could not undo "${step.title}": ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
