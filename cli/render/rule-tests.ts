import type { ChalkInstance } from 'chalk';
import { wrapAnsi } from 'fast-wrap-ansi';
import type { RuleCoverage, RuleTestReport, RuleTestResult, UntriedCheck } from '../../detector/index.ts';
import { reasonLines } from './explained.ts';
import { printable, shortened, withNote } from './one-line.ts';

/** A line for each case, those that fail first and with the reason; then how far the checks of each rule were tried. */
export function ruleTestsText(
  { results, coverage, passed, failed }: RuleTestReport,
  detail: 'percentages' | 'untried checks',
  style: ChalkInstance,
  columns: number,
): string {
  const untried = ({ never }: RuleCoverage): readonly string[] =>
    detail === 'percentages' ? [] : never.map((check) => untriedLine(check, columns));
  const lines = [
    ...results.flatMap((result) => resultLines(result, style, columns)),
    '',
    style.bold(shortened('Coverage: each check should be true in one case, and false in another', columns)),
    ...coverage.rules.flatMap((rule) => [coverageLine(rule, rule.rule, columns), ...untried(rule)]),
    style.bold(coverageLine(coverage, 'in all', columns)),
    '',
    `${String(passed)} of ${String(passed + failed)} cases pass`,
  ];
  return `${lines.join('\n')}\n`;
}

function resultLines(
  { rule, says, expected, place, problem, because = [] }: RuleTestResult,
  style: ChalkInstance,
  columns: number,
): readonly string[] {
  const verb = expected === 'fires' ? 'fires for' : 'is silent for';
  const text = `${rule}: ${verb} ${says}`;
  if (problem === undefined) return [`${style.green('✓')} ${shortened(text, columns - 2)}`];
  const reasons = because.length === 0 ? '' : '; the reasons:';
  return [
    `${style.red('✗')} ${shortened(text, columns - 2)}`,
    indented(`${place.file}:${String(place.line)}`, style.dim, columns),
    indented(`${printable(problem)}${reasons}`, (line) => line, columns),
    ...reasonLines(because, style, columns - 2).map((line) => `  ${line}`),
  ];
}

const INDENT = '    ';

function indented(text: string, paint: (line: string) => string, columns: number): string {
  const lines = wrapAnsi(text, columns - INDENT.length, { hard: true }).split('\n');
  return lines.map((line) => INDENT + paint(line)).join('\n');
}

function coverageLine({ percent }: { readonly percent: number }, name: string, columns: number): string {
  return shortened(`${String(percent).padStart(4)} %  ${name}`, columns);
}

function untriedLine({ text, never, macros }: UntriedCheck, columns: number): string {
  const start = `         never ${never}: `;
  return start + withNote(text, macros.length === 0 ? '' : `in ${macros.join(' › ')}`, columns - start.length);
}
