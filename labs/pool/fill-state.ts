import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { API_VERSION, KubedrillError, messageOf, type Clock, type Paths } from '../../core/index.ts';
import { poolPaths } from './folder.ts';

const Note = z.object({
  apiVersion: z.string(),
  pid: z.number(),
  /** Of the process, in ticks since the machine's start: numbers are given out again. */
  startTicks: z.string(),
  since: z.string(),
  until: z.string().exactOptional(),
  failure: z.object({ what: z.string(), why: z.string() }).exactOptional(),
});
type Note = z.infer<typeof Note>;

/** What the last filling of the pool came to. */
export type FillState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly pid: number; readonly since: string }
  | { readonly kind: 'done'; readonly until: string }
  | { readonly kind: 'failed'; readonly until: string; readonly what: string; readonly why: string };

/** Notes that this process fills the pool, for as long as `work` takes, and how that ended. */
export async function notedFilling<T>(paths: Paths, clock: Clock, work: () => Promise<T>): Promise<T> {
  const begun: Note = {
    apiVersion: API_VERSION,
    pid: process.pid,
    startTicks: (await startTicks(process.pid)) ?? '',
    since: clock.now().toISOString(),
  };
  await write(paths, begun);
  try {
    const value = await work();
    await write(paths, { ...begun, until: clock.now().toISOString() });
    return value;
  } catch (error) {
    const failure =
      error instanceof KubedrillError
        ? { what: error.what, why: error.why }
        : { what: 'it failed', why: messageOf(error) };
    await write(paths, { ...begun, until: clock.now().toISOString(), failure });
    throw error;
  }
}

/** Looks at the note, and whether its process lives. */
export async function fillState(paths: Paths): Promise<FillState> {
  const text = await readFile(noteFile(paths), 'utf8').catch(() => undefined);
  if (text === undefined) return { kind: 'none' };
  const data = Note.parse(JSON.parse(text));
  const { pid, since, until, failure } = data;
  if (until !== undefined) return failure ? { kind: 'failed', until, ...failure } : { kind: 'done', until };
  if ((await startTicks(pid)) === data.startTicks) return { kind: 'running', pid, since };
  return { kind: 'failed', until: since, what: 'it ended in the middle', why: `process ${String(pid)} is gone` };
}

/** Removes the note of the last filling, and the log. */
export async function forgetFilling(paths: Paths): Promise<void> {
  await rm(noteFile(paths), { force: true });
  await rm(fillLogFile(paths), { force: true });
}

/** Where a filling in the background writes what it does. */
export function fillLogFile(paths: Paths): string {
  return join(poolPaths(paths).state, 'refill.log');
}

function noteFile(paths: Paths): string {
  return join(poolPaths(paths).state, 'filling.json');
}

async function write(paths: Paths, note: Note): Promise<void> {
  const file = noteFile(paths);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(note, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** Field 22 of /proc/PID/stat, behind the program's name in brackets; undefined for a process that has ended. */
async function startTicks(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => undefined);
  const [state, ...rest] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' ? undefined : rest[18];
}
