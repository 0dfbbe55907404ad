import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { LAB_OPTIONS, labOptions, upOptionsOf } from '../lab-options.ts';
import { refillText } from '../render/pool.ts';
import { statusText } from '../render/status.ts';

export const command = defineCommand({
  options: [...LAB_OPTIONS, { flags: '--fresh', says: 'build the lab, even if the pool has a prepared one' }],
  examples: ['kubedrill up', 'kubedrill up --name second --topology single --addons core'],
  input: labOptions.extend({ fresh: z.boolean().default(false) }),
  async run({ fresh, ...options }, context) {
    const { labStatus, startRefill, up } = await import('../../labs/index.ts');
    const pool = fresh ? 'ignore' : 'use';
    const session = await up(context.deps, { ...upOptionsOf(options), name: context.globals.lab, pool });
    const status = await labStatus(session);
    printResult(context, status, () => statusText(status, undefined, context.style));
    // Last: what refills the pool takes processor time from all that comes before.
    const refill = await startRefill(context.deps);
    context.io.err(refillText(refill));
    return status.ready ? ExitCode.done : ExitCode.failed;
  },
});
