import type { ChalkInstance } from 'chalk';
import type { Explanation } from '../../network/index.ts';
import { hopsText } from './trace.ts';

/** One cell of the matrix: what it came to with both ends, the hops of its way, and the one that failed. */
export function explanationText(
  { name, cell, trace, verdict }: Explanation,
  detail: 'hops' | 'rules',
  style: ChalkInstance,
): string {
  const facts = [
    ['path', cell.path],
    ['client sent from', cell.sentSource],
    ['server saw', cell.observedSource],
    ['should see', cell.expectedSource],
    ['answered by', cell.answeredBy],
  ].flatMap(([title = '', value]) => (value === undefined ? [] : [`   ${title.padEnd(17)} ${value}\n`]));
  const hops = trace === undefined ? '' : `\n${hopsText(trace.hops, detail, style)}`;
  const says = verdict.ok ? style.green(`✓ ${verdict.says}`) : style.red(`✗ ${verdict.says}`);
  return `${style.bold(name)}\n${facts.join('')}${hops}\n${says}\n`;
}
