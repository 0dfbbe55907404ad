import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ExitCode, messageOf, usageError } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { EVENTS_INPUT, EVENTS_OPTIONS, recordingOf } from '../events-options.ts';

const Line = z.object({ filter: z.string() });

export const command = defineCommand({
  args: [{ syntax: '[condition]', says: 'a condition of the rules language' }],
  options: [...EVENTS_OPTIONS, { flags: '--batch <file>', says: 'many conditions: lines {"filter": …}' }],
  examples: ["kubedrill detector filter 'proc.name = sh and proc.tty != 0' --events attack.jsonl.gz"],
  input: EVENTS_INPUT.extend({ condition: z.string().optional(), batch: z.string().optional() }),
  async run({ condition, batch, ...events }, context) {
    const { filterBatch, filterEvents } = await import('../../detector/index.ts');
    const recording = recordingOf(events);
    if (batch !== undefined) {
      const results = await filterBatch(await readConditions(batch), recording);
      for (const result of results) context.io.out(`${JSON.stringify(result)}\n`);
      return ExitCode.done;
    }
    if (condition === undefined) {
      throw usageError({
        what: 'nothing to filter by',
        why: 'neither a condition nor --batch was given',
        hint: 'kubedrill detector filter --help',
      });
    }
    for await (const event of filterEvents(condition, recording)) context.io.out(`${String(event.number)}\n`);
    return ExitCode.done;
  },
});

async function readConditions(file: string): Promise<readonly string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => Line.parse(JSON.parse(line)).filter);
  } catch (error) {
    throw usageError({
      what: `cannot read conditions from ${file}`,
      why: messageOf(error),
      hint: 'each line must be {"filter": "…"}',
    });
  }
}
