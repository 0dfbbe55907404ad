import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { matrixText } from '../render/matrix.ts';

export const command = defineCommand({
  options: [{ flags: '--all', says: 'list every cell, not only those that failed or were skipped' }],
  input: z.object({ all: z.boolean().default(false) }),
  async run({ all }, context) {
    const { measureMatrix } = await import('../../network/index.ts');
    const session = await context.session();
    const report = await context.reporter.stage('measuring the network', () => measureMatrix(session));
    printResult(context, report, () => matrixText(report, all ? 'all' : 'failed', context.style));
    return Object.values(report.requirements).every(({ ok }) => ok) ? ExitCode.done : ExitCode.notPassed;
  },
});
