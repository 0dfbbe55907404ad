import { z } from 'zod';
import { ExitCode, usageError, type KubedrillError } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult, type CliContext } from '../context.ts';

export const command = defineCommand({
  args: [{ syntax: '[answers...]', says: 'KEY=VALUE, one or more; in a terminal, none asks for each' }],
  examples: ['kubedrill answer node=lab-worker', 'kubedrill answer pod=web-abc user=mallory'],
  input: z.object({ answers: z.array(z.string()).default([]) }),
  async run({ answers }, context) {
    if (answers.length === 0 && !context.io.canPrompt) throw nothingGiven();
    const { giveAnswer } = await import('../../scenarios/index.ts');
    const given = answers.length > 0 ? Object.fromEntries(answers.map(keyAndValue)) : await askedFor(context);
    const all = await giveAnswer(await context.session(), given);
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

const SKIP = '(leave this one)';

/** Asks every question of the running challenge; what is left or left empty is not answered. */
async function askedFor(context: CliContext): Promise<Readonly<Record<string, string>>> {
  const { currentRun } = await import('../../scenarios/index.ts');
  const { prompter } = context.io;
  const lab = await context.session();
  const nodes = lab.nodes.map(({ name }) => name);
  const given: [string, string][] = [];
  for (const { key, says, allowed } of (await currentRun(lab))?.questions ?? []) {
    const choices = allowed?.flatMap((one) => (one === 'NODE' ? nodes : [one]));
    const answer = choices
      ? await prompter.select(
          says,
          [...choices, SKIP].map((value) => ({ name: value, value })),
        )
      : await prompter.input(says);
    if (answer !== SKIP && answer.trim() !== '') given.push([key, answer]);
  }
  return Object.fromEntries(given);
}

function nothingGiven(): KubedrillError {
  return usageError({
    what: 'no answer was given',
    why: 'there is no terminal to ask in',
    hint: 'kubedrill answer KEY=VALUE; kubedrill status shows the keys',
  });
}

function keyAndValue(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageError({
    what: 'that answer cannot be read',
    why: `"${text}" is not KEY=VALUE`,
    hint: 'kubedrill answer node=lab-worker',
  });
}
