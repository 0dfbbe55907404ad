import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { down } = await import('../../labs/index.ts');
    const removed = await down(context.deps, context.globals.lab);
    const text =
      removed.length === 0
        ? `there is no lab ${context.globals.lab}`
        : removed.map((line) => `removed ${line}`).join('\n');
    printResult(context, { apiVersion: API_VERSION, lab: context.globals.lab, removed }, () => `${text}\n`);
    return ExitCode.done;
  },
});
