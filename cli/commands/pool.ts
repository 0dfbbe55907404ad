import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { LAB_OPTIONS, labOptions, upOptionsOf } from '../lab-options.ts';
import { poolText } from '../render/pool.ts';

export const command = defineCommand({
  args: [{ syntax: '[size]', says: 'how many labs to keep prepared; without it, the pool is shown' }],
  options: LAB_OPTIONS,
  examples: ['kubedrill pool 1', 'kubedrill pool', 'kubedrill pool 2 --topology single', 'kubedrill down --pool'],
  input: labOptions.extend({
    size: z
      .string()
      .regex(/^[1-9]\d?$/, 'must be a number from 1 to 99 (kubedrill down --pool ends the pool)')
      .transform(Number)
      .optional(),
  }),
  async run({ size, ...options }, context) {
    const { makePool, poolStatus } = await import('../../labs/index.ts');
    if (size !== undefined) await makePool(context.deps, size, upOptionsOf(options));
    const status = await poolStatus(context.deps);
    printResult(context, status, () => poolText(status, context.style));
    return ExitCode.done;
  },
});
