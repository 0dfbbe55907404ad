import { measureMatrix, type MatrixReport } from '../network/index.ts';
import { median, type Bench } from './lib.ts';
import { openLab } from './support/open-lab.ts';

const RUNS = 5;

/** The whole matrix on a lab that is up; `npm run bench matrix -- LAB`. */
const bench: Bench = {
  says: `the whole matrix, ${String(RUNS)} times`,
  run: async (io) => {
    const lab = await openLab(io.args[0]);
    const reports: MatrixReport[] = [];
    for (let run = 0; run < RUNS; run++) {
      const report = await measureMatrix(lab);
      io.say(
        `${String(report.cells.length)} cells in ${report.tookMs.toFixed(0)} ms, ${String(failed(report))} failed`,
      );
      reports.push(report);
    }
    const measured = reports.map(({ cells }) => cells.filter(({ skipped }) => skipped === undefined).length);
    const perNode = lab.nodes.length === 0 ? 0 : median(measured) / lab.nodes.length;
    return [
      { name: 'cells', value: median(measured), unit: 'count', atLeast: 120, note: `${perNode.toFixed(0)} a node` },
      { name: 'time, median', value: median(reports.map(({ tookMs }) => tookMs)), unit: 'ms', atMost: 5_000 },
      { name: 'time, slowest', value: Math.max(...reports.map(({ tookMs }) => tookMs)), unit: 'ms', atMost: 5_000 },
      {
        name: 'failed cells, all runs',
        value: reports.reduce((sum, report) => sum + failed(report), 0),
        unit: 'count',
        atMost: 0,
      },
    ];
  },
};

export default bench;

function failed({ cells }: MatrixReport): number {
  return cells.filter(({ ok, skipped }) => !ok && skipped === undefined).length;
}
