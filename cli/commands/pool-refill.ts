import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';

/** Runs in the background, its output in a log file: each run begins with the time. */
export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { fillPool } = await import('../../labs/index.ts');
    context.io.err(`${context.clock.now().toISOString()} refilling the pool\n`);
    const outcome = await fillPool(context.deps);
    context.io.err(`${context.clock.now().toISOString()} ${outcome.kind}\n`);
    return ExitCode.done;
  },
});
