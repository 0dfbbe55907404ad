import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';

/** Any exit code of the shell itself is the person's own business. */
const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

export const command = defineCommand({
  args: [
    { syntax: '[node]', says: 'a node of the lab; without it a shell on this machine with kubectl set to the lab' },
  ],
  examples: ['kubedrill shell', 'kubedrill shell lab-worker', 'echo uptime | kubedrill shell lab-worker'],
  input: z.object({ node: z.string().optional() }),
  async run({ node }, context) {
    const { shellCommand } = await import('../../labs/index.ts');
    const { command: line, env } = await shellCommand(await context.session(), node, {
      terminal: context.io.stdinIsTty ? 'tty' : 'none',
    });
    const [file, ...args] = line;
    await context.runner.run(file, args, { env, stdio: 'inherit', okExitCodes: ANY_EXIT_CODE });
    return ExitCode.done;
  },
});
