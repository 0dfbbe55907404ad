import fc from 'fast-check';
import { RecordRing } from '../../../../detector/app/record-ring.ts';
import { openOf } from '../enrich/records.ts';

const SIZE_BYTES = 1_000;

describe('RecordRing', () => {
  test('keeps the latest records and no more than its room holds, whatever their sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 })), (lengths) => {
        const ring = new RecordRing<number>(SIZE_BYTES);
        const paths = lengths.map((length, n) => `/${String(n)}`.padEnd(length, 'x'));
        paths.forEach((path, n) => {
          ring.add(openOf(20, path), n);
        });
        const kept = ring.all();
        const numbers = kept.map(({ facts }) => facts);
        expect(numbers).toEqual(lengths.map((_, n) => n).slice(lengths.length - kept.length));
        expect(kept.map(({ record }) => record.text(0))).toEqual(numbers.map((n) => paths[n]));
        expect(kept.reduce((sum, { record }) => sum + record.byteLength, 0)).toBeLessThanOrEqual(SIZE_BYTES);
        if (lengths.length > 0) expect(numbers.at(-1)).toBe(lengths.length - 1);
      }),
    );
  });

  test('does not keep a record that is larger than all its room, and forgets nothing for it', () => {
    const ring = new RecordRing<string>(SIZE_BYTES);
    ring.add(openOf(20, '/kept'), 'small');
    ring.add(openOf(20, 'x'.repeat(SIZE_BYTES)), 'large');
    expect(ring.all().map(({ facts }) => facts)).toEqual(['small']);
  });

  test('hands out records that stay what they are', () => {
    const ring = new RecordRing<number>(300);
    ring.add(openOf(20, '/before'), 1);
    const [before] = ring.all();
    ring.add(openOf(20, '/after'), 2);
    expect(before?.record.text(0)).toBe('/before');
    expect(ring.all().map(({ facts }) => facts)).toEqual([2]);
  });
});
