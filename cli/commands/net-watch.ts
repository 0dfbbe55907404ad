import { z } from 'zod';
import { ExitCode, messageOf } from '../../core/index.ts';
import type { MeterCursor, MeterReading, MeterTransition } from '../../network/index.ts';
import type { Session } from '../../labs/index.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { watchSummary, transitionLine } from '../render/watch.ts';

const LOOK_EVERY_MS = 500;

export const command = defineCommand({
  options: [
    { flags: '--seconds <n>', says: 'end by itself after that many seconds; otherwise with Ctrl-C' },
    { flags: '--path <name>', says: 'only this path, e.g. o.svc@lab-worker', many: 'many' },
  ],
  examples: ['kubedrill net watch', 'kubedrill net watch --seconds 30 --json'],
  input: z.object({ seconds: z.coerce.number().positive().optional(), path: z.array(z.string()).default([]) }),
  async run({ seconds, path }, context) {
    const session = await context.session();
    const owned = await ensureMeter(session);
    const signal =
      seconds === undefined ? context.signal : AbortSignal.any([context.signal, AbortSignal.timeout(seconds * 1000)]);
    const wanted = (name: string): boolean => path.length === 0 || path.includes(name);
    try {
      await follow(session, wanted, signal, context);
      await summarize(session, wanted, context);
    } finally {
      const { stopMeter } = await import('../../network/index.ts');
      if (owned === 'ours') await stopMeter(session);
    }
    return ExitCode.done;
  },
});

/** A challenge has its meter running already; otherwise one is started for as long as this command watches. */
async function ensureMeter(session: Session): Promise<'ours' | 'of a run'> {
  const { readMeter, standardPaths, startMeter } = await import('../../network/index.ts');
  if ((await readMeter(session)).length > 0) return 'of a run';
  await startMeter(session, await standardPaths(session));
  return 'ours';
}

/** Prints transitions until the signal; a look that fails is said and tried again, since challenges break much. */
async function follow(
  session: Session,
  wanted: (path: string) => boolean,
  signal: AbortSignal,
  context: CliContext,
): Promise<void> {
  const { transitions } = await import('../../network/index.ts');
  let cursor: MeterCursor = {};
  while (!signal.aborted) {
    try {
      const seen = await transitions(session, cursor);
      cursor = seen.cursor;
      if (seen.lost > 0) context.io.err(`${String(seen.lost)} transitions came too fast and were lost\n`);
      for (const transition of seen.transitions.filter((one) => wanted(one.path))) print(transition, context);
    } catch (error) {
      context.io.err(`${messageOf(error)}\n`);
    }
    await context.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}

function print({ t, path, ok, error, ms }: MeterTransition, context: CliContext): void {
  const line = { t, path, ok, ...(error === undefined ? {} : { error }), ms };
  context.io.out(context.globals.format === 'json' ? `${JSON.stringify(line)}\n` : transitionLine(line, context.style));
}

async function summarize(session: Session, wanted: (path: string) => boolean, context: CliContext): Promise<void> {
  const { readMeter } = await import('../../network/index.ts');
  const readings: readonly MeterReading[] = (await readMeter(session)).filter(({ path }) => wanted(path));
  context.io.out(
    context.globals.format === 'json'
      ? `${JSON.stringify({ summary: readings })}\n`
      : watchSummary(readings, context.style),
  );
}
