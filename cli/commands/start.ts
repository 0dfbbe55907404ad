import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { runText } from '../render/run.ts';

export const command = defineCommand({
  args: [{ syntax: '<id>', says: 'number or name of a challenge, e.g. S01 or flushed-iptables' }],
  options: [
    { flags: '--seed <n>', says: 'picks variant and parameters; the same seed is the same challenge' },
    { flags: '--variant <id>', says: 'this variant, whatever the seed would pick' },
  ],
  examples: ['kubedrill start S01', 'kubedrill start kube-proxy-crash --seed 7'],
  input: z.object({
    id: z.string(),
    seed: z.coerce.number().int('must be a whole number').nonnegative().optional(),
    variant: z.string().optional(),
  }),
  async run({ id, seed, variant }, context) {
    const { findScenario, startRun } = await import('../../scenarios/index.ts');
    await findScenario(id);
    const options = { ...(seed === undefined ? {} : { seed }), ...(variant === undefined ? {} : { variant }) };
    const run = await startRun(await context.session(), id, options, context.reporter);
    printResult(context, run, () => runText(run, context.style, context.io.columns));
    return ExitCode.done;
  },
});
