import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { stopText } from '../render/stop.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { stopRun } = await import('../../scenarios/index.ts');
    const result = await stopRun(await context.session(), context.reporter);
    printResult(context, result, () => stopText(result, context.style));
    return result.residue.length === 0 ? ExitCode.done : ExitCode.failed;
  },
});
