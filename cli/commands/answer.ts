import { z } from 'zod';
import { ExitCode, usageError } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';

export const command = defineCommand({
  args: [{ syntax: '<answers...>', says: 'KEY=VALUE, one or more; kubedrill start shows the keys' }],
  examples: ['kubedrill answer node=lab-worker', 'kubedrill answer pod=web-abc user=mallory'],
  input: z.object({ answers: z.array(z.string()).min(1) }),
  async run({ answers }, context) {
    const { giveAnswer } = await import('../../scenarios/index.ts');
    const all = await giveAnswer(await context.session(), Object.fromEntries(answers.map(keyAndValue)));
    printResult(
      context,
      { answers: all },
      () =>
        `${Object.entries(all)
          .map(([key, value]) => `${key}=${value}`)
          .join('\n')}\n`,
    );
    return ExitCode.done;
  },
});

function keyAndValue(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageError({
    what: 'that answer cannot be read',
    why: `"${text}" is not KEY=VALUE`,
    hint: 'kubedrill answer node=lab-worker',
  });
}
