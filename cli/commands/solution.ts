import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { debriefText } from '../render/debrief.ts';
import { markdown } from '../render/markdown.ts';

export const command = defineCommand({
  args: [{ syntax: '[id]', says: 'a challenge; without it the one that runs, with what was measured in it' }],
  input: z.object({ id: z.string().optional() }),
  async run({ id }, context) {
    const { debriefOf, solutionOf } = await import('../../scenarios/index.ts');
    const session = id === undefined ? await context.session() : undefined;
    const solution = await solutionOf(id ?? session ?? '');
    const debrief = session === undefined ? undefined : await debriefOf(session);
    const result = { apiVersion: API_VERSION, solution, ...(debrief === undefined ? {} : { debrief }) };
    printResult(context, result, () => {
      const text = markdown(solution, context.style, context.io.columns);
      return debrief === undefined ? text : `${text}\n${debriefText(debrief, context.style)}`;
    });
    return ExitCode.done;
  },
});
