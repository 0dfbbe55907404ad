import type { Session } from '../../labs/index.ts';
import type { GuideStepView, OpenGuide } from '../../scenarios/index.ts';
import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult, type CliContext } from '../context.ts';
import { markdown } from '../render/markdown.ts';
import { stopText } from '../render/stop.ts';

const ACTIONS = ['show', 'act', 'check', 'close', 'walk'] as const;
type Action = (typeof ACTIONS)[number];

export const command = defineCommand({
  args: [
    { syntax: '[slug]', says: 'a guide; without it the list of guides, or the only one' },
    {
      syntax: '[action]',
      says: 'show the step, act (do what it says), check it, close the guide; on a terminal: walk through',
    },
  ],
  examples: ['kubedrill guide', 'kubedrill guide three-requirements', 'kubedrill guide three-requirements check'],
  input: z.object({ slug: z.string().optional(), action: z.enum(ACTIONS).optional() }),
  async run({ slug, action }, context) {
    const { listGuides } = await import('../../scenarios/index.ts');
    const guides = await listGuides();
    const chosen = slug ?? (guides.length === 1 ? guides[0]?.slug : undefined);
    if (chosen === undefined) {
      printResult(
        context,
        { guides },
        () =>
          `${guides.map((guide) => `${guide.slug.padEnd(24)} ${guide.title} (${String(guide.minutes)} minutes)`).join('\n')}\n`,
      );
      return ExitCode.done;
    }
    return followGuide(await context.session(), chosen, action ?? (context.io.canPrompt ? 'walk' : 'show'), context);
  },
});

/** One action on a guide, or, on a terminal, the whole walk through it. */
export async function followGuide(
  session: Session,
  slug: string,
  action: Action,
  context: CliContext,
): Promise<ExitCode> {
  const { openGuide } = await import('../../scenarios/index.ts');
  const guide = await openGuide(session, slug, context.reporter);
  if (action === 'walk') return walk(guide, context);
  if (action === 'close') {
    const result = await guide.close();
    printResult(context, result, () => stopText(result, context.style));
    return result.residue.length === 0 ? ExitCode.done : ExitCode.failed;
  }
  if (action === 'act') await guide.act();
  if (action === 'check') return check(guide, context);
  const step = await guide.current();
  printResult(context, step ?? { finished: true }, () => stepText(guide, step, context));
  return ExitCode.done;
}

async function check(guide: OpenGuide, context: CliContext): Promise<ExitCode> {
  const result = await guide.verify();
  printResult(
    context,
    result,
    () => `${result.ok ? context.style.green('✓') : context.style.red('✗')} ${result.says}: ${result.observed}\n`,
  );
  return result.ok ? ExitCode.done : ExitCode.notPassed;
}

type Choice = 'act' | 'check' | 'leave';

async function walk(guide: OpenGuide, context: CliContext): Promise<ExitCode> {
  for (let step = await guide.current(); step; step = await guide.current()) {
    context.io.out(stepText(guide, step, context));
    for (let verified = false; !verified;) {
      const choice = await context.io.prompter.select<Choice>('What next?', choicesOf(step));
      if (choice === 'leave') {
        context.io.err(`The place is kept: kubedrill guide ${guide.slug}\n`);
        return ExitCode.done;
      }
      if (choice === 'act') await guide.act();
      else verified = (await check(guide, context)) === ExitCode.done;
    }
  }
  context.io.out(stopText(await guide.close(), context.style));
  return ExitCode.done;
}

function choicesOf(step: GuideStepView): readonly { readonly name: string; readonly value: Choice }[] {
  return [
    ...(step.action === undefined ? [] : [{ name: `Do it: ${step.action}`, value: 'act' as const }]),
    { name: 'Check this step, and go on', value: 'check' },
    { name: 'Leave (the place is kept)', value: 'leave' },
  ];
}

function stepText(guide: OpenGuide, step: GuideStepView | undefined, { style, io }: CliContext): string {
  if (!step) return `${style.bold(guide.title)}: finished. kubedrill guide ${guide.slug} close\n`;
  const heading = style.bold(`${guide.title} – step ${String(step.number)} of ${String(step.of)}: ${step.title}`);
  return `\n${heading}\n\n${markdown(step.text, style, io.columns)}\n`;
}
