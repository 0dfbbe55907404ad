import { gridOf } from '../../../../../cli/render/matrix-page/grid.ts';
import type { MatrixCell } from '../../../../../network/index.ts';

const cell = (from: string, to: string, path: string, change: Partial<MatrixCell> = {}): MatrixCell => ({
  ...{ from, to, path, row: 'M2', protocol: 'tcp', requirement: 'R1', ok: true, ms: 1 },
  ...change,
});
const grid = (...cells: readonly MatrixCell[]): ReturnType<typeof gridOf> =>
  gridOf(cells.map((one, id) => ({ id, cell: one })));

describe('the grid of sources and destinations', () => {
  test('has one column for a destination, however the path to it is called', () => {
    const { columns, kinds } = grid(
      cell('n1/pod-a', 'n1/pod-b', 'pod → pod, same node'),
      cell('n2/pod-a', 'n1/pod-b', 'pod → pod, other node'),
      cell('n1/pod-a', 'service all', 'pod → ClusterIP, any backend'),
    );
    expect(columns.map(({ to }) => to)).toEqual(['n1/pod-b', 'service all']);
    expect(kinds).toEqual([
      { kind: 'pod', width: 1 },
      { kind: 'ClusterIP', width: 1 },
    ]);
  });

  test('keeps the protocols of one path together', () => {
    const { origins } = grid(
      cell('n1/pod-a', 'n1/pod-b', 'pod → pod, same node'),
      cell('n1/pod-a', 'n1/pod-b', 'pod → pod, same node', { protocol: 'udp' }),
    );
    expect(origins[0]?.sources[0]?.cells.map((group) => group.map(({ id }) => id))).toEqual([[0, 1]]);
  });

  test('orders who asks by node and role, and the outside last', () => {
    const { origins } = grid(
      cell('ext', 'x', 'outside → NodePort'),
      cell('n10/pod-a', 'x', 'pod → NodePort'),
      cell('n2/node', 'x', 'node → NodePort'),
      cell('n2/pod-b', 'x', 'pod → NodePort'),
    );
    expect(origins.map(({ name, sources }) => [name, ...sources.map(({ from }) => from)])).toEqual([
      ['n2', 'n2/pod-b', 'n2/node'],
      ['n10', 'n10/pod-a'],
      ['ext', 'ext'],
    ]);
  });

  test('leaves out what was skipped', () => {
    expect(grid(cell('ext', '-', 'outside → pod', { ok: false, skipped: 'no way' })).columns).toEqual([]);
  });
});
