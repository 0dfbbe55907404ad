import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';

export const command = defineCommand({
  args: [{ syntax: '<out>', says: 'the binary recording to write, as NAME.kdr; gzipped if the name ends in .gz' }],
  options: [{ flags: '--events <files...>', says: 'events as JSON lines, plain or gzipped; - for the standard input' }],
  examples: ['kubedrill detector record attack.kdr --events attack.jsonl.gz'],
  input: z.object({ out: z.string(), events: z.array(z.string()).min(1) }),
  async run({ out, events }, context) {
    const { record } = await import('../../detector/index.ts');
    const count = await record({ out, events, stdin: process.stdin });
    printResult(context, { apiVersion: API_VERSION, out, events: count }, () => `${String(count)} events in ${out}\n`);
    return ExitCode.done;
  },
});
