import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { isWhole, resetText } from '../render/reset.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { resetLab } = await import('../../scenarios/index.ts');
    const result = await resetLab(await context.session(), context.reporter);
    printResult(context, result, () => resetText(result, context.style));
    return isWhole(result) ? ExitCode.done : ExitCode.failed;
  },
});
