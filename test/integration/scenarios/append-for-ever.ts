// Appends to a journal until it is killed, and says which lines are safely on disk. Run by journal-kill.test.ts.
import { systemClock } from '../../../core/index.ts';
import { createJournal } from '../../../scenarios/journal/journal.ts';

const journal = await createJournal(process.argv[2] ?? '', systemClock);
for (let number = 1; ; number++) {
  const { seq } = await journal.append({ kind: 'step', title: `step ${String(number)}`, undo: [] });
  process.stdout.write(`${String(seq)}\n`);
}
