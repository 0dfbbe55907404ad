import { z } from 'zod';
import type { OptionSpec } from './command.ts';

/** The options of all commands that read recorded events. */
export const EVENTS_OPTIONS: readonly OptionSpec[] = [
  { flags: '--events <files...>', says: 'events as JSON lines or .kdr, plain or gzipped; - for the standard input' },
  { flags: '--source <name>', says: 'syscall or k8s_audit; by default each line tells by itself' },
  { flags: '--set <field=value>', says: 'a field for events that lack it', many: 'many' },
];

export const EVENTS_INPUT = z.object({
  events: z.array(z.string()).min(1),
  source: z.enum(['syscall', 'k8s_audit']).optional(),
  set: z.array(z.string()).default([]),
});

/** What the detector's library takes. */
export function recordingOf({ events, source, set }: z.infer<typeof EVENTS_INPUT>): {
  readonly events: readonly string[];
  readonly source?: 'syscall' | 'k8s_audit';
  readonly set: readonly string[];
  readonly stdin: typeof process.stdin;
} {
  return { events, set, stdin: process.stdin, ...(source === undefined ? {} : { source }) };
}
