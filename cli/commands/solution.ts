import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { markdown } from '../render/markdown.ts';

export const command = defineCommand({
  args: [{ syntax: '[id]', says: 'a challenge; without it the one that runs' }],
  input: z.object({ id: z.string().optional() }),
  async run({ id }, context) {
    const { solutionOf } = await import('../../scenarios/index.ts');
    const solution = await solutionOf(id ?? (await context.session()));
    printResult(context, { apiVersion: API_VERSION, solution }, () =>
      markdown(solution, context.style, context.io.columns),
    );
    return ExitCode.done;
  },
});
