import { done, notYet, waitFor } from '../../core/index.ts';
import type { StepContext } from '../define.ts';
import type { RunStep } from '../faults/step.ts';
import type { Journal } from '../journal/journal.ts';

/** Time for a fault to take effect. */
const EFFECT_TIMEOUT_MS = 30_000;

/**
 * Does one step. The journal knows what takes it back before anything is touched, so that whoever finds the journal
 * later can do it.
 */
export async function performStep(journal: Journal, step: RunStep, context: StepContext<unknown>): Promise<void> {
  const undo = await step.undo(context);
  const { seq } = await journal.append({ kind: 'step', title: step.title, undo });
  await step.run(context);
  await waitForEffect(step, context);
  await journal.append({ kind: 'done', step: seq });
}

async function waitForEffect(step: RunStep, context: StepContext<unknown>): Promise<void> {
  const { clock } = context.env.session;
  await waitFor(
    async () => {
      const found = (await step.inEffect?.(context)) ?? { ok: true, observed: '' };
      return found.ok ? done(undefined) : notYet(found.observed);
    },
    {
      what: `the step "${step.title}" to take effect`,
      timeoutMs: EFFECT_TIMEOUT_MS,
      clock,
      onObserve: context.detail,
    },
  );
}
