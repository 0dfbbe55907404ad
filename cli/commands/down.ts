import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';

export const command = defineCommand({
  input: z.object({ engine: z.boolean().default(false) }),
  options: [{ flags: '--engine', says: 'end the container engine too, if kubedrill started it' }],
  examples: ['kubedrill down', 'kubedrill down --name drill', 'kubedrill down --engine'],
  async run({ engine }, context) {
    const { down, stopEngine } = await import('../../labs/index.ts');
    const { lab } = context.globals;
    const removed = await down(context.deps, lab);
    const stopped = engine ? await stopEngine(context.deps) : undefined;
    const lines = [
      ...(removed.length === 0 ? [`there is no lab ${lab}`] : removed.map((line) => `removed ${line}`)),
      ...(stopped === undefined ? [] : [ENGINE_LINES[stopped]]),
    ];
    printResult(
      context,
      { apiVersion: API_VERSION, lab, removed, ...(stopped === undefined ? {} : { engine: stopped }) },
      () => `${lines.join('\n')}\n`,
    );
    return ExitCode.done;
  },
});

const ENGINE_LINES = {
  stopped: 'ended the container engine that kubedrill had started',
  'not-ours': 'left the container engine alone: kubedrill did not start it',
} as const;
