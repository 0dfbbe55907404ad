import type { RunContext, StepContext, RunPlan } from '../define.ts';
import { toJson } from '../json.ts';
import type { Journal } from '../journal/journal.ts';
import type { RunState } from '../journal/state.ts';
import type { RunEnvironment } from '../ports.ts';

/** Hashes of the rules that the detectors ran when the run began, by node. */
export const RULESETS_FACT = 'detector.rulesets';
/** The probes' and the detector's objects as they were then. */
export const OWN_PARTS_FACT = 'lab.own-parts';

/** The context of a run as its journal tells it. */
export function contextOf<P>(env: RunEnvironment, state: RunState): RunContext<P> {
  return {
    env,
    run: state.run,
    seed: state.seed,
    variant: state.variant,
    parameters: state.parameters as P,
    fact: (key) => state.facts[key],
  };
}

/** The context of a step that is being done: facts are read from and written to the open journal. */
export function stepContextOf<P>(
  env: RunEnvironment,
  journal: Journal,
  plan: RunPlan<P>,
  detail: (text: string) => void,
): StepContext<P> {
  return {
    env,
    ...plan,
    run: journal.state().run,
    fact: (key) => journal.state().facts[key],
    record: async (key, value) => {
      await journal.append({ kind: 'fact', key, value: toJson(value) });
    },
    detail,
  };
}
