import { z } from 'zod';
import { ExitCode, KubedrillError, messageOf } from '../../core/index.ts';
import type { CommandModule } from '../command.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { renderError } from '../render/error.ts';
import { COMMANDS, type CommandName } from './registry.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    if (!context.io.canPrompt) {
      throw new KubedrillError({
        what: 'the menu needs a terminal',
        why: 'input or output is not one',
        hint: 'kubedrill --help',
        exitCode: ExitCode.usage,
      });
    }
    return menu(context);
  },
});

type Choice =
  | { readonly kind: 'command'; readonly name: CommandName; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'leave' };

/** Offers what fits the lab's state, does it, and comes back; an error is shown and the menu goes on. */
export async function menu(context: CliContext): Promise<ExitCode> {
  for (;;) {
    const choices = await choicesNow(context);
    const picked = await context.io.prompter.select(
      'kubedrill',
      choices.map(({ name }, index) => ({ name, value: String(index) })),
    );
    const choice = choices[Number(picked)]?.choice;
    if (!choice || choice.kind === 'leave') return ExitCode.done;
    await perform(choice.name, choice.input, context);
  }
}

async function perform(
  name: CommandName,
  input: Readonly<Record<string, unknown>>,
  context: CliContext,
): Promise<void> {
  try {
    const module: CommandModule = await COMMANDS[name].load();
    await module.run(module.input.parse(input), context);
  } catch (error) {
    if (context.signal.aborted || messageOf(error).includes('force closed')) throw error;
    context.io.err(renderError(error, context.style, context.globals.verbosity).text);
  }
}

interface MenuLine {
  readonly name: string;
  readonly choice: Choice;
}

async function choicesNow(context: CliContext): Promise<readonly MenuLine[]> {
  const { listLabs } = await import('../../labs/index.ts');
  const lab = (await listLabs(context.deps)).find(({ name }) => name === context.globals.lab);
  if (!lab) return [line('Bring a lab up', 'up'), line('Look at this machine', 'doctor', { fix: true }), leave()];
  if (lab.state !== 'running') {
    context.io.err(`the lab "${lab.name}" is ${lab.state}: ${lab.observed}\n`);
    return [line('Bring the lab up again', 'up'), line('Take the lab down', 'down'), leave()];
  }
  const { currentRun, listScenarios } = await import('../../scenarios/index.ts');
  const run = await currentRun(await context.session());
  if (run) {
    return [
      line('Show the lab and the task', 'status'),
      line('Open a shell with kubectl', 'shell'),
      line('Measure the network', 'net matrix'),
      ...(run.questions.length > 0 ? [line('Answer the questions', 'answer')] : []),
      line('Next hint', 'hint'),
      line(`Grade ${run.scenario}`, 'grade'),
      line('Show the solution', 'solution'),
      line(`End ${run.scenario} and clean up`, 'stop'),
      leave(),
    ];
  }
  const scenarios = await listScenarios();
  return [
    line('Guided lab: the three requirements', 'guide', {}),
    ...scenarios.map(({ id, title, difficulty, minutes }) =>
      line(`Challenge ${id}: ${title} (${'●'.repeat(difficulty)}, ${String(minutes)} min)`, 'start', { id }),
    ),
    line('Measure the network', 'net matrix'),
    line('Open a shell with kubectl', 'shell'),
    line('Show the lab', 'status'),
    line('Take the lab down', 'down'),
    leave(),
  ];
}

function line(name: string, command: CommandName, input: Readonly<Record<string, unknown>> = {}): MenuLine {
  return { name, choice: { kind: 'command', name: command, input } };
}

function leave(): MenuLine {
  return { name: 'Leave', choice: { kind: 'leave' } };
}
