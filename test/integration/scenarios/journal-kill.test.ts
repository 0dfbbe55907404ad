import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot, systemClock } from '../../../core/index.ts';
import { openJournal } from '../../../scenarios/journal/journal.ts';

/** Appends to a journal until it is killed, and says which lines are safely on disk. */
const WRITER = `
import { systemClock } from './core/index.ts';
import { createJournal } from './scenarios/journal/journal.ts';
const journal = await createJournal(process.argv[1], systemClock);
for (let number = 1; ; number++) {
  const { seq } = await journal.append({ kind: 'step', title: 'step ' + number, undo: [] });
  process.stdout.write(seq + '\\n');
}
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-kill-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Kills the writer as soon as it has said `lines` numbers; answers the last one that it said. */
async function killAfter(lines: number): Promise<number> {
  const writer = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', WRITER, join(folder, 'run')],
    { cwd: packageRoot() },
  );
  const exited = once(writer, 'exit');
  let last = 0;
  for await (const line of createInterface(writer.stdout)) {
    last = Number(line);
    if (last >= lines) break;
  }
  writer.kill('SIGKILL');
  await exited;
  return last;
}

test.each([1, 7, 40])(
  'a journal whose writer was killed after %i lines holds every line that was said to be written',
  async (lines) => {
    const said = await killAfter(lines);
    const journal = await openJournal(join(folder, 'run'), systemClock);
    const titles = journal.state().steps.map(({ title }) => title);
    expect(titles.length).toBeGreaterThanOrEqual(said);
    expect(titles).toEqual(titles.map((_, index) => `step ${String(index + 1)}`));
    const { seq } = await journal.append({ kind: 'phase', phase: 'stopping' });
    expect(seq).toBe(titles.length + 1);
  },
  60_000,
);
