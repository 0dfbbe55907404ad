import { cellName, findCell } from '../../../../network/matrix/find-cell.ts';
import { CELLS } from '../../../support/matrix-report.ts';

const found = (text: string): string => cellName(findCell(CELLS, text));
const DEAD = 'M2 lab-worker/pod-a → lab-worker2/pod-b udp';

describe('a cell of the matrix', () => {
  test.each([
    ['its name as printed', DEAD, DEAD],
    ['its client and target, the failed one of several', 'lab-worker/pod-a -> lab-worker2/pod-b', DEAD],
    ['its protocol as well', 'lab-worker/pod-a → lab-worker2/pod-b tcp', 'M2 lab-worker/pod-a → lab-worker2/pod-b tcp'],
    ['its row', 'M9', 'M9 ext → nodePort of lab-worker tcp'],
    ['some words of its target', 'ext > nodePort of lab-worker', 'M9 ext → nodePort of lab-worker tcp'],
  ])('is found by %s', (_, text, name) => {
    expect(found(text)).toBe(name);
  });

  test('is not found the other way round, nor by a node whose name only begins alike', () => {
    expect(() => found('lab-worker2/pod-b -> lab-worker/pod-a')).toThrow('there is no cell');
    expect(() => found('lab-work -> lab-worker2/pod-b')).toThrow('there is no cell');
  });

  test('that is not there is answered with the nearest names; a skipped one is not there', () => {
    expect(() => found('M2 lab-worker/pod-a -> lab-worker2/pod-c udp')).toThrow(DEAD);
    expect(() => found('M15-policy')).toThrow('there is no cell');
  });
});
