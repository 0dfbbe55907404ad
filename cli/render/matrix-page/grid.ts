import type { MatrixCell } from '../../../network/index.ts';

/** A cell with its place in the report, by which the page finds it again. */
export interface PlacedCell {
  readonly id: number;
  readonly cell: MatrixCell;
}

export interface Grid {
  /** Kinds of destination in the order of their columns, e.g. `ClusterIP`, with how many columns each has. */
  readonly kinds: readonly { readonly kind: string; readonly width: number }[];
  readonly columns: readonly Column[];
  readonly origins: readonly Origin[];
}

export interface Column {
  readonly kind: string;
  readonly to: string;
}

/** A node, or the outside, with those that ask from there. */
export interface Origin {
  readonly name: string;
  readonly sources: readonly { readonly from: string; readonly cells: readonly (readonly PlacedCell[])[] }[];
}

/** Sources × destinations: a row for everybody who asks, a column for everything that is asked, several cells where several protocols go. */
export function gridOf(placed: readonly PlacedCell[]): Grid {
  const measured = placed.filter(({ cell }) => cell.skipped === undefined);
  const columns = columnsOf(measured);
  const froms = unique(measured.map(({ cell }) => cell.from)).toSorted(compareNames);
  return {
    kinds: unique(columns.map(({ kind }) => kind)).map((kind) => ({
      kind,
      width: columns.filter((column) => column.kind === kind).length,
    })),
    columns,
    origins: unique(froms.map(originOf)).map((name) => ({
      name,
      sources: froms
        .filter((from) => originOf(from) === name)
        .map((from) => ({ from, cells: cellsOf(measured, from, columns) })),
    })),
  };
}

/** Columns of one kind stand together, by name; kinds in the order in which they come first. */
function columnsOf(placed: readonly PlacedCell[]): readonly Column[] {
  const all = new Map(placed.map(({ cell }) => [keyOf(columnOf(cell)), columnOf(cell)]));
  const kinds = unique([...all.values()].map(({ kind }) => kind));
  return kinds.flatMap((kind) =>
    [...all.values()].filter((column) => column.kind === kind).sort((a, b) => compareNames(a.to, b.to)),
  );
}

function cellsOf(
  placed: readonly PlacedCell[],
  from: string,
  columns: readonly Column[],
): readonly (readonly PlacedCell[])[] {
  const byColumn = new Map<string, PlacedCell[]>();
  for (const one of placed.filter(({ cell }) => cell.from === from)) {
    const key = keyOf(columnOf(one.cell));
    byColumn.set(key, [...(byColumn.get(key) ?? []), one]);
  }
  return columns.map((column) => byColumn.get(keyOf(column)) ?? []);
}

/** What is asked, without what the path says of the place: `pod → ClusterIP, backend on another node` asks a ClusterIP. */
function columnOf({ path, to }: MatrixCell): Column {
  const asked = path.split('→').at(-1) ?? path;
  return { kind: asked.split(',')[0]?.trim() ?? '', to };
}

function keyOf({ kind, to }: Column): string {
  return `${kind}\u0000${to}`;
}

/** Nodes by name, what they have in the order of the roles, the outside last. */
function compareNames(a: string, b: string): number {
  return (
    rankOf(a) - rankOf(b) || originOf(a).localeCompare(originOf(b), 'en', { numeric: true }) || roleOf(a) - roleOf(b)
  );
}

function rankOf(name: string): number {
  return name === 'ext' ? 1 : 0;
}

const ROLES = ['pod-a', 'pod-b', 'host', 'node'];

function roleOf(name: string): number {
  return ROLES.indexOf(name.split('/')[1] ?? '');
}

function originOf(from: string): string {
  return from.split('/')[0] ?? from;
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
