import type { MatrixCell, MatrixReport } from '../../network/index.ts';
import type { Finding } from '../define.ts';

export interface RowsWanted {
  /** E.g. `['M6', 'M8']`. */
  readonly rows: readonly string[];
  /** Only cells that begin or end at this node. */
  readonly at?: string;
}

/** All cells of these rows work; cells that the lab cannot have do not count, but there has to be one at least. */
export function rowsWork(matrix: MatrixReport, { rows, at }: RowsWanted): Finding {
  const cells = matrix.cells.filter(
    (cell) => rows.includes(cell.row) && cell.skipped === undefined && (at === undefined || touches(cell, at)),
  );
  const failed = cells.filter((cell) => !cell.ok);
  const where = at === undefined ? '' : ` at ${at}`;
  if (cells.length === 0) return { ok: false, observed: `no cell of ${rows.join(', ')}${where} was measured` };
  if (failed.length === 0)
    return { ok: true, observed: `${String(cells.length)} cells of ${rows.join(', ')}${where} work` };
  return {
    ok: false,
    observed: `${String(failed.length)} of ${String(cells.length)} cells fail, e.g. ${failed.slice(0, 3).map(describe).join('; ')}`,
  };
}

/** Whether a cell begins or ends at a node; `lab-worker` is not `lab-worker2`. */
export function touches(cell: Pick<MatrixCell, 'from' | 'to'>, node: string): boolean {
  const name = new RegExp(`(^|[^\\w-])${node}($|[^\\w-])`);
  return name.test(cell.from) || name.test(cell.to);
}

function describe({ from, to, path, protocol, error, detail }: MatrixCell): string {
  return `${from} → ${to} (${path}, ${protocol}): ${error ?? 'failed'}${detail === undefined ? '' : `, ${detail}`}`;
}
