import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { markdown } from '../render/markdown.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { nextHint } = await import('../../scenarios/index.ts');
    const hint = await nextHint(await context.session());
    const heading = context.style.bold(`Hint ${String(hint.number)} of ${String(hint.of)}`);
    printResult(context, hint, () => `${heading}\n${markdown(hint.text, context.style, context.io.columns)}\n`);
    return ExitCode.done;
  },
});
