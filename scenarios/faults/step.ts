import type { CheckResult } from '../../core/index.ts';
import type { StepContext } from '../define.ts';
import type { Undo } from '../journal/entry.ts';

/** One change that a run makes to the lab. */
export interface RunStep<P = unknown> {
  /** What is done, as a line of the journal; the learner may come to see it only after the run. */
  readonly title: string;
  /** What will take it back, in this order, whether or not `run` gets done; asked before anything is touched. */
  undo(context: StepContext<P>): Promise<readonly Undo[]>;
  run(context: StepContext<P>): Promise<void>;
  /** Is it really in effect? Asked until it is, for at most 30 s. */
  inEffect?(context: StepContext<P>): Promise<Pick<CheckResult, 'ok' | 'observed'>>;
}
