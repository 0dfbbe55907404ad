import fc from 'fast-check';
import { decodeJournal, encodeEntry } from '../../../../scenarios/journal/codec.ts';
import type { StampedEntry } from '../../../../scenarios/journal/entry.ts';

const at = '2026-03-14T15:09:26.535Z';

function lineOf(seq: number, title = 'a step'): string {
  return encodeEntry({ kind: 'step', title, undo: [], seq, at, monotonicMs: seq });
}

function three(): string {
  return lineOf(1) + lineOf(2) + lineOf(3);
}

const refuse = { name: 'journal.jsonl', damage: 'refuse' } as const;
const salvage = { name: 'journal.jsonl', damage: 'salvage' } as const;

const entries: fc.Arbitrary<readonly StampedEntry[]> = fc
  .array(
    fc.oneof(
      fc.record({ kind: fc.constant('step' as const), title: fc.string(), undo: fc.constant([]) }),
      fc.record({ kind: fc.constant('fact' as const), key: fc.string(), value: fc.jsonValue() as fc.Arbitrary<never> }),
      fc.record({ kind: fc.constant('answers' as const), answers: fc.dictionary(fc.string(), fc.string()) }),
    ),
    { maxLength: 8 },
  )
  .map((list) => list.map((entry, index) => ({ ...entry, seq: index + 1, at, monotonicMs: index })));

describe('the lines of a journal', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(entries, (written) => {
        const text = written.map(encodeEntry).join('');
        const { entries: read, notes } = decodeJournal(text, refuse);
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(written)));
        expect(notes).toEqual([]);
      }),
    );
  });

  test('a journal cut off anywhere reads as the lines that are whole', () => {
    const text = three();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length }), (length) => {
        const cut = text.slice(0, length);
        const whole = cut.split('\n').length - 1;
        const { entries: read, goodBytes, notes } = decodeJournal(cut, refuse);
        expect(read.map(({ seq }) => seq)).toEqual([1, 2, 3].slice(0, whole));
        expect(cut.slice(0, goodBytes)).toBe(
          cut
            .split('\n')
            .slice(0, whole)
            .map((line) => `${line}\n`)
            .join(''),
        );
        expect(notes.length).toBe(cut.endsWith('\n') || cut === '' ? 0 : 1);
      }),
    );
  });

  test('a byte that was flipped anywhere is noticed', () => {
    const text = three();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), fc.integer({ min: 0, max: 6 }), (index, bit) => {
        const bytes = Buffer.from(text);
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        let noticed: boolean;
        try {
          noticed = decodeJournal(bytes.toString('latin1'), refuse).notes.length > 0;
        } catch {
          noticed = true;
        }
        expect(noticed).toBe(true);
      }),
    );
  });

  test('damage in the middle is refused with the line and the way out', () => {
    const damaged = lineOf(1) + lineOf(2).replace('a step', 'b step') + lineOf(3);
    let error: unknown;
    try {
      decodeJournal(damaged, refuse);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      what: 'cannot read journal.jsonl',
      why: 'line 2 of the journal is damaged (its checksum does not match)',
      hint: expect.stringContaining('kubedrill stop'),
    });
  });

  test('damage in the middle can be passed over, and is noted', () => {
    const damaged = lineOf(1) + 'not a line\n' + lineOf(3);
    const { entries: read, notes } = decodeJournal(damaged, salvage);
    expect(read.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(notes).toEqual(['line 2 of the journal is damaged (it is not JSON); it was left out']);
  });

  test.each([
    ['a line that comes twice', lineOf(1) + lineOf(1), 'it is number 1 where 2 was due'],
    ['lines that changed places', lineOf(2) + lineOf(1), 'it is number 1 where 3 was due'],
  ])('%s is damage', (_name, text, why) => {
    expect(() => decodeJournal(text, refuse)).toThrow(why);
  });

  test('a journal of another version is refused by name', () => {
    const body = { apiVersion: 'kubedrill/v9', kind: 'solution-shown', seq: 1, at, monotonicMs: 1 };
    // Only the version is wrong: its checksum is right.
    const line = encodeEntry(body as unknown as StampedEntry);
    expect(() => decodeJournal(line, refuse)).toThrow('it is of kubedrill/v9, not of kubedrill/v1');
  });
});
