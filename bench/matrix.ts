import { measureMatrix, type MatrixReport } from '../network/index.ts';
import { planMatrix } from '../network/matrix/plan.ts';
import { labFactsOf } from '../test/support/network-facts.ts';
import { median, type Bench, type BenchLine } from './lib.ts';
import { openLab } from './support/open-lab.ts';

const RUNS = 5;
/** Few cells, but one that waits for silence, which is the longest that a healthy lab makes wait. */
const FEW_ROWS = ['M1', 'M10'];
const TEN_NODES = Array.from({ length: 10 }, (_, index) => `n${String(index)}`);

/** The whole matrix on a lab that is up, and what it would cost with ten nodes; `npm run bench matrix -- LAB`. */
const bench: Bench = {
  says: `the whole matrix, ${String(RUNS)} times`,
  run: async (io) => {
    const lab = await openLab(io.args[0]);
    const measured: { readonly whole: MatrixReport; readonly few: MatrixReport }[] = [];
    for (let run = 0; run < RUNS; run++) {
      const whole = await measureMatrix(lab);
      const few = await measureMatrix(lab, { rows: FEW_ROWS });
      io.say(`${String(whole.cells.length)} cells in ${whole.tookMs.toFixed(0)} ms, ${String(failed(whole))} failed`);
      measured.push({ whole, few });
    }
    const wholes = measured.map(({ whole }) => whole);
    const cells = median(wholes.map(cellsIn));
    const note = `${(cells / lab.nodes.length).toFixed(0)} a node`;
    const wholeMs = median(wholes.map(({ tookMs }) => tookMs));
    const few = measured.map((one) => one.few);
    return [
      { name: 'cells', value: cells, unit: 'count', atLeast: 300, note },
      { name: 'time, median', value: wholeMs, unit: 'ms', atMost: 3_000 },
      { name: 'time, slowest', value: Math.max(...wholes.map(({ tookMs }) => tookMs)), unit: 'ms', atMost: 3_000 },
      {
        name: 'failed cells, all runs',
        value: wholes.reduce((sum, report) => sum + failed(report), 0),
        unit: 'count',
        atMost: 0,
      },
      ...tenNodes({
        nodes: lab.nodes.length,
        whole: { cells, ms: wholeMs },
        few: { cells: median(few.map(cellsIn)), ms: median(few.map(({ tookMs }) => tookMs)) },
      }),
    ];
  },
};

export default bench;

interface Sizes {
  readonly nodes: number;
  readonly whole: Size;
  readonly few: Size;
}

interface Size {
  readonly cells: number;
  readonly ms: number;
}

/**
 * Computed, not measured: a price a cell from the two sizes, and the rest as a price a node, as if entering ten nodes took one after the
 * other. All nodes share one machine here, so nothing gets faster by there being more of them.
 */
function tenNodes({ nodes, whole, few }: Sizes): readonly BenchLine[] {
  const msACell = (whole.ms - few.ms) / (whole.cells - few.cells);
  const msANode = (few.ms - msACell * few.cells) / nodes;
  const cells = planMatrix(labFactsOf(TEN_NODES)).filter(({ probe }) => probe.kind !== 'skip').length;
  const value = msACell * cells + msANode * TEN_NODES.length;
  const note = `computed: ${msACell.toFixed(2)} ms a cell, ${msANode.toFixed(0)} ms a node`;
  return [
    { name: 'ten nodes: cells', value: cells, unit: 'count' },
    { name: 'ten nodes: time', value, unit: 'ms', note },
  ];
}

function cellsIn({ cells }: MatrixReport): number {
  return cells.filter(({ skipped }) => skipped === undefined).length;
}

function failed({ cells }: MatrixReport): number {
  return cells.filter(({ ok, skipped }) => !ok && skipped === undefined).length;
}
