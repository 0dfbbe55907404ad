import { compareSnapshots } from '../../../../labs/snapshot/compare.ts';
import type { LabSnapshot } from '../../../../labs/snapshot/types.ts';

function picture(tables: Readonly<Record<string, readonly string[]>>, node = 'lab-worker'): LabSnapshot {
  const nodes = [{ node, tables, raw: {} }];
  return { apiVersion: 'kubedrill/v1', takenAt: '2026-01-01T00:00:00Z', nodes, objects: {} };
}

const lines = (before: readonly string[], after: readonly string[]) =>
  compareSnapshots(picture({ t: before }), picture({ t: after })).map((one) =>
    one.kind === 'node' ? `${one.change} ${one.line}` : one.object,
  );

test('equal pictures leave no residue', () => {
  expect(lines(['a', 'b'], ['a', 'b'])).toEqual([]);
});

test('a line counts as often as it is there', () => {
  expect(lines(['a', 'a', 'b'], ['a', 'b', 'b'])).toEqual(['missing a', 'added b']);
});

test('where only the order differs, the first line that moved is named', () => {
  expect(lines(['a', 'b', 'c'], ['a', 'c', 'b'])).toEqual(['missing b (at its place)', 'added c (in that place)']);
});

test('a table that was not there before is all residue', () => {
  expect(compareSnapshots(picture({}), picture({ 'ip raw': ['x'] }))).toEqual([
    { kind: 'node', node: 'lab-worker', table: 'ip raw', line: 'x', change: 'added' },
  ]);
});

test('a node that is gone is residue, and one that came as well', () => {
  const changes = compareSnapshots(picture({}), picture({}, 'other'));
  expect(changes).toMatchObject([
    { node: 'lab-worker', change: 'missing' },
    { node: 'other', change: 'added' },
  ]);
});
