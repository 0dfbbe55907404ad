import { z } from 'zod';
import { ExitCode, usageError } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult, type CliContext } from '../context.ts';
import { EVENTS_INPUT, EVENTS_OPTIONS, recordingOf } from '../events-options.ts';
import { whyText } from '../render/why.ts';

const INPUT = EVENTS_INPUT.extend({
  rule: z.string(),
  at: z.coerce.number().int().nonnegative().optional(),
  rules: z.array(z.string()).min(1).optional(),
  events: EVENTS_INPUT.shape.events.optional(),
});
type Input = z.infer<typeof INPUT>;

export const command = defineCommand({
  args: [{ syntax: '<rule>', says: 'the name of a rule' }],
  options: [
    { flags: '--at <n>', says: 'the number (evt.num) of the event to explain; otherwise the nearest misses' },
    { flags: '--rules <files...>', says: 'rules files or folders, with --events; otherwise the rules of kubedrill' },
    ...EVENTS_OPTIONS,
  ],
  examples: [
    'kubedrill detector why "Terminal shell in container"          # what the nodes of the lab saw lately',
    'kubedrill detector why "Terminal shell in container" --events attack.jsonl.gz --at 1204',
  ],
  input: INPUT,
  async run(input, context) {
    const { events } = input;
    if (events === undefined) await explainLab(input, context);
    else await explainRecording({ ...input, events }, context);
    return ExitCode.done;
  },
});

async function explainRecording(
  { rule, at, rules, ...events }: Input & { readonly events: readonly string[] },
  context: CliContext,
): Promise<void> {
  const { explainRule } = await import('../../detector/index.ts');
  const report = await explainRule({
    ...recordingOf(events),
    rule,
    ...(at === undefined ? {} : { at }),
    ...(rules === undefined ? {} : { rules }),
  });
  printResult(context, report, () => whyText(report, context.style, context.io.columns));
}

async function explainLab({ rule, at, rules, source, set }: Input, context: CliContext): Promise<void> {
  if (rules !== undefined || source !== undefined || set.length > 0) throw onlyWithEvents(rule);
  const { explainLive } = await import('../../detector/index.ts');
  const session = await context.session();
  const report = await explainLive(session, { rule, ...(at === undefined ? {} : { at }) });
  for (const { node, why } of report.silent) context.io.err(`uncertain: ${node}: ${why}\n`);
  printResult(context, report, () => whyText(report, context.style, context.io.columns));
}

function onlyWithEvents(rule: string): Error {
  return usageError({
    what: '--rules, --source and --set are for recorded events',
    why: 'a lab is asked about the rules that it runs, and about what its nodes saw',
    hint: `kubedrill detector why "${rule}" --events FILE`,
  });
}
