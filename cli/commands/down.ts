import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';

export const command = defineCommand({
  input: z.object({ engine: z.boolean().default(false), pool: z.boolean().default(false) }),
  options: [
    { flags: '--engine', says: 'end the container engine too, if kubedrill started it' },
    { flags: '--pool', says: 'remove all prepared labs and whatever refills the pool, in place of the lab' },
  ],
  examples: ['kubedrill down', 'kubedrill down --name drill', 'kubedrill down --pool', 'kubedrill down --engine'],
  async run({ engine, pool }, context) {
    const { down, endPool, stopEngine } = await import('../../labs/index.ts');
    const { lab } = context.globals;
    const removed = pool ? await endPool(context.deps) : await down(context.deps, lab);
    const stopped = engine ? await stopEngine(context.deps) : undefined;
    const lines = [
      ...(removed.length === 0
        ? [pool ? 'there is no pool' : `there is no lab ${lab}`]
        : removed.map((line) => `removed ${line}`)),
      ...(stopped === undefined ? [] : [ENGINE_LINES[stopped]]),
    ];
    printResult(
      context,
      {
        apiVersion: API_VERSION,
        ...(pool ? {} : { lab }),
        removed,
        ...(stopped === undefined ? {} : { engine: stopped }),
      },
      () => `${lines.join('\n')}\n`,
    );
    return ExitCode.done;
  },
});

const ENGINE_LINES = {
  stopped: 'ended the container engine that kubedrill had started',
  'not-ours': 'left the container engine alone: kubedrill did not start it',
} as const;
