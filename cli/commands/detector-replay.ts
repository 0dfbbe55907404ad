import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { EVENTS_INPUT, EVENTS_OPTIONS, recordingOf } from '../events-options.ts';

export const command = defineCommand({
  options: [
    { flags: '--rules <files...>', says: 'rules files or folders' },
    ...EVENTS_OPTIONS,
    { flags: '--all-matches', says: 'every rule that matches an event, not only the first' },
  ],
  examples: ['kubedrill detector replay --rules my-rules.yaml --events attack.jsonl.gz'],
  input: EVENTS_INPUT.extend({ rules: z.array(z.string()).min(1), allMatches: z.boolean().default(false) }),
  async run({ rules, allMatches, ...events }, context) {
    const { replay, replayJson } = await import('../../detector/index.ts');
    const matching = allMatches ? 'all' : 'first';
    for await (const alert of replay({ ...recordingOf(events), rules, matching }))
      context.io.out(`${replayJson(alert)}\n`);
    return ExitCode.done;
  },
});
