import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { EVENTS_INPUT, EVENTS_OPTIONS, recordingOf } from '../events-options.ts';
import { whyText } from '../render/why.ts';

export const command = defineCommand({
  args: [{ syntax: '<rule>', says: 'the name of a rule' }],
  options: [
    { flags: '--at <n>', says: 'the number (evt.num) of the event to explain; otherwise the nearest misses' },
    { flags: '--rules <files...>', says: 'rules files or folders; otherwise the rules of kubedrill' },
    ...EVENTS_OPTIONS,
  ],
  examples: ['kubedrill detector why "Terminal shell in container" --events attack.jsonl.gz --at 1204'],
  input: EVENTS_INPUT.extend({
    rule: z.string(),
    at: z.coerce.number().int().nonnegative().optional(),
    rules: z.array(z.string()).min(1).optional(),
  }),
  async run({ rule, at, rules, ...events }, context) {
    const { explainRule } = await import('../../detector/index.ts');
    const report = await explainRule({
      ...recordingOf(events),
      rule,
      ...(at === undefined ? {} : { at }),
      ...(rules === undefined ? {} : { rules }),
    });
    printResult(context, report, () => whyText(report, context.style, context.io.columns));
    return ExitCode.done;
  },
});
