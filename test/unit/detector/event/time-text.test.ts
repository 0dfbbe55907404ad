import fc from 'fast-check';
import { dateAndTime, isoTime, parseTime, timeOfDay } from '../../../../detector/event/time-text.ts';

const NS = 1_540_561_114_902_914_000n;

describe('times', () => {
  test('are printed in UTC, to the nanosecond', () => {
    expect(timeOfDay(NS)).toBe('13:38:34.902914000');
    expect(dateAndTime(NS)).toBe('2018-10-26 13:38:34.902914000');
    expect(isoTime(NS)).toBe('2018-10-26T13:38:34.902914000+0000');
  });

  test.each([
    ['2018-10-26T13:38:34.902914Z', NS],
    ['2018-10-26T15:38:34.902914+02:00', NS],
    ['2018-10-26T08:08:34.902914-05:30', NS],
    ['1970-01-01T00:00:00Z', 0n],
    ['2024-02-29T12:00:00.5Z', 1_709_208_000_500_000_000n],
    ['yesterday', undefined],
    ['2018-10-26', undefined],
  ])('%s is read as %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  test('agree with the calendar of the language', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        const expected = new Date(seconds * 1000).toISOString();
        expect(isoTime(BigInt(seconds) * 1_000_000_000n).slice(0, 19)).toBe(expected.slice(0, 19));
        expect(parseTime(expected)).toBe(BigInt(seconds) * 1_000_000_000n);
      }),
    );
  });
});
