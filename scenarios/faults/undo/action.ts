import type { ZodType } from 'zod';
import type { LabSnapshot } from '../../../labs/index.ts';
import type { RunEnvironment } from '../../ports.ts';

/** What taking back has at hand: the lab and, unless the run ended before it was taken, the picture from before. */
export interface UndoContext {
  readonly env: RunEnvironment;
  readonly before: LabSnapshot | undefined;
}

/** One way to take something back. Fine to do twice, and when what it takes back was never done. */
export interface UndoAction<Args> {
  readonly args: ZodType<Args>;
  run(context: UndoContext, args: Args): Promise<void>;
}

export function defineUndo<Args>(action: UndoAction<Args>): UndoAction<Args> {
  return action;
}
