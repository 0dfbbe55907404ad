import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { gradeText } from '../render/grade.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { gradeRun } = await import('../../scenarios/index.ts');
    const grade = await gradeRun(await context.session(), {}, context.reporter);
    printResult(context, grade, () => gradeText(grade, context.style));
    return grade.passed ? ExitCode.done : ExitCode.notPassed;
  },
});
