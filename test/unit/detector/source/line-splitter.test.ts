import fc from 'fast-check';
import { LineSplitter } from '../../../../detector/source/line-splitter.ts';

describe('LineSplitter', () => {
  test('gives back the lines that were written, wherever the bytes are cut', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (lines, sizes) => {
        const splitter = new LineSplitter(1_000);
        const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''));
        const read: string[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          read.push(...splitter.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(read).toEqual(lines);
      }),
    );
  });

  test('passes over a line that is too long, counts it once, and goes on with the next', () => {
    const splitter = new LineSplitter(10);
    const read = ['0123456', '789abc', 'def\nshort\n'].flatMap((piece) => splitter.push(Buffer.from(piece)));
    expect(read).toEqual(['short']);
    expect(splitter.overlong).toBe(1);
  });

  test('keeps nothing of a line that is too long', () => {
    const splitter = new LineSplitter(10);
    splitter.push(Buffer.from('a line that is longer than ten bytes'));
    splitter.reset();
    expect(splitter.push(Buffer.from('next\n'))).toEqual(['next']);
  });
});
