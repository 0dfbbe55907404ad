import type { CheckResult } from '../../core/index.ts';
import type { StepContext } from '../define.ts';
import type { Undo } from '../journal/entry.ts';

/** One change that a run makes to the lab. */
export interface RunStep {
  /** What is done, as a line of the journal; the learner may come to see it only after the run. */
  readonly title: string;
  /** What will take it back, in this order, whether or not `run` gets done; asked before anything is touched. */
  readonly undo: (context: StepContext<unknown>) => Promise<readonly Undo[]>;
  readonly run: (context: StepContext<unknown>) => Promise<void>;
  /** Is it really in effect? Asked until it is, for at most 30 s. */
  readonly inEffect?: (context: StepContext<unknown>) => Promise<Pick<CheckResult, 'ok' | 'observed'>>;
}
