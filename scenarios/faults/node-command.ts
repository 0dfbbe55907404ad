import type { RunStep } from './step.ts';
import { nodeOf } from '../cluster/nodes.ts';
import type { Undo } from '../journal/entry.ts';

export interface NodeCommandFault {
  readonly title: string;
  readonly node: string;
  readonly argv: readonly string[];
  /** What takes the command's effect back. */
  readonly undo: readonly Undo[];
}

/** Runs a program on a node, as a person with a shell there would. */
export function nodeCommand({ title, node, argv, undo }: NodeCommandFault): RunStep {
  return {
    title,
    undo: async () => undo,
    run: async ({ env }) => {
      await nodeOf(env.session, node).exec(argv, { timeoutMs: 30_000 });
    },
  };
}
