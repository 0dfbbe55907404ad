import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/index.ts';
import { KubedrillError, messageOf } from '../../core/index.ts';
import { decodeJournal, encodeEntry, type DecodeOptions } from './codec.ts';
import type { JournalEntry, StampedEntry } from './entry.ts';
import { foldJournal, type RunState } from './state.ts';

const FILE = 'journal.jsonl';

/** The journal of one run, open for writing. Only one process may have it open: take the lab's lock first. */
export interface Journal {
  readonly folder: string;
  /** On disk (fsync) when this resolves. */
  append(entry: JournalEntry): Promise<StampedEntry>;
  state(): RunState;
  entries(): readonly StampedEntry[];
  /** What had to be repaired while it was read, for people. */
  readonly notes: readonly string[];
}

/** Begins a journal in a folder that must not be there yet. */
export async function createJournal(folder: string, clock: Clock): Promise<Journal> {
  await mkdir(folder, { recursive: true });
  const handle = await open(join(folder, FILE), 'ax');
  await handle.close();
  await syncFolder(folder);
  return journalOver(folder, clock, [], []);
}

/**
 * Opens a journal to go on with it; a last line that was cut off is removed from the file. With `damage: 'salvage'` damaged
 * lines are passed over, else they are an error.
 */
export async function openJournal(
  folder: string,
  clock: Clock,
  damage: DecodeOptions['damage'] = 'refuse',
): Promise<Journal> {
  const file = join(folder, FILE);
  const { entries, goodBytes, notes } = decodeJournal(await textOf(file), { name: file, damage });
  await truncate(file, goodBytes);
  return journalOver(folder, clock, entries, notes);
}

/** The state of a run without opening its journal for writing. */
export async function readRunState(
  folder: string,
  damage: DecodeOptions['damage'] = 'refuse',
): Promise<{ readonly state: RunState; readonly notes: readonly string[] }> {
  const file = join(folder, FILE);
  const { entries, notes } = decodeJournal(await textOf(file), { name: file, damage });
  return { state: foldJournal(entries), notes };
}

function journalOver(folder: string, clock: Clock, read: readonly StampedEntry[], notes: readonly string[]): Journal {
  const entries = [...read];
  let last: Promise<unknown> = Promise.resolve();
  const write = async (entry: JournalEntry): Promise<StampedEntry> => {
    const stamped: StampedEntry = {
      ...entry,
      seq: (entries.at(-1)?.seq ?? 0) + 1,
      at: clock.now().toISOString(),
      monotonicMs: Math.round(Number(clock.monotonicNs() / 1000n) / 10) / 100,
    };
    await appendDurably(join(folder, FILE), encodeEntry(stamped));
    entries.push(stamped);
    return stamped;
  };
  return {
    folder,
    notes,
    state: () => foldJournal(entries),
    entries: () => [...entries],
    append: (entry) => {
      // One after the other: two lines at once would get the same number.
      const written = last.then(() => write(entry));
      last = written.catch(() => undefined);
      return written;
    },
  };
}

async function appendDurably(file: string, line: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'a');
    await handle.writeFile(line);
    await handle.sync();
  } catch (error) {
    throw new KubedrillError({
      what: `could not write to the run's journal ${file}`,
      why: messageOf(error),
      hint: 'make room or repair the folder, then: kubedrill stop',
      cause: error,
    });
  } finally {
    await handle?.close();
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new KubedrillError({
      what: `cannot read ${file}`,
      why: messageOf(error),
      hint: 'kubedrill down && kubedrill up (the run cannot be taken back without its journal)',
      cause: error,
    });
  }
}

/** A new file is only safe once its folder's entry is on disk as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}
