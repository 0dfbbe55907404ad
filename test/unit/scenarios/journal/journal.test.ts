import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../core/index.ts';
import { createJournal, openJournal, readRunState } from '../../../../scenarios/journal/journal.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'kubedrill-journal-')), 'run');
});
afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true });
});

const file = (): string => join(folder, 'journal.jsonl');

describe('a journal on disk', () => {
  test('is read by the next process as it was written by the last', async () => {
    const journal = await createJournal(folder, systemClock);
    await journal.append({ kind: 'opened', run: 'r', scenario: 'S01', variant: 'b', seed: 1, parameters: {} });
    await journal.append({ kind: 'hint', number: 1 });
    const { state, notes } = await readRunState(folder);
    expect(state).toEqual(journal.state());
    expect(notes).toEqual([]);
  });

  test('numbers entries that are appended at the same time one after the other', async () => {
    const journal = await createJournal(folder, systemClock);
    await Promise.all([1, 2, 3, 4, 5].map((number) => journal.append({ kind: 'hint', number })));
    const lines = (await readFile(file(), 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([1, 2, 3, 4, 5]);
  });

  test('is begun only once in a folder', async () => {
    await createJournal(folder, systemClock);
    await expect(createJournal(folder, systemClock)).rejects.toThrow('EEXIST');
  });

  test('goes on after a line that a crash cut off', async () => {
    const journal = await createJournal(folder, systemClock);
    await journal.append({ kind: 'hint', number: 1 });
    const goodBytes = (await stat(file())).size;
    await appendFile(file(), '{"apiVersion":"kubedrill/v1","kind":"st');
    const reopened = await openJournal(folder, systemClock);
    expect(reopened.notes).toEqual(['the last line of the journal was cut off; it was left out']);
    expect((await stat(file())).size).toBe(goodBytes);
    await reopened.append({ kind: 'hint', number: 2 });
    expect((await readRunState(folder)).state.hintsUsed).toBe(2);
  });

  test('refuses damage unless it is asked to save what it can', async () => {
    const journal = await createJournal(folder, systemClock);
    await journal.append({ kind: 'hint', number: 1 });
    await journal.append({ kind: 'hint', number: 2 });
    await writeFile(file(), (await readFile(file(), 'utf8')).replace('"number":1', '"number":7'));
    await expect(openJournal(folder, systemClock)).rejects.toThrow('line 1 of the journal is damaged');
    const saved = await openJournal(folder, systemClock, 'salvage');
    expect(saved.state().hintsUsed).toBe(2);
    expect(saved.notes).toHaveLength(1);
  });

  test('that is not there is an error for people', async () => {
    await expect(readRunState(folder)).rejects.toMatchObject({
      what: `cannot read ${file()}`,
      hint: expect.any(String),
    });
  });
});
