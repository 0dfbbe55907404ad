import type { ChalkInstance } from 'chalk';
import type { Diagnostic } from '../../detector/index.ts';

/** Every problem with its place, the line with a caret, and what it means. */
export function validationText(
  { errors, warnings }: { readonly errors: readonly Diagnostic[]; readonly warnings: readonly Diagnostic[] },
  style: ChalkInstance,
): string {
  const show = (problem: Diagnostic, word: string): string =>
    `${word} ${problem.file}:${String(problem.line)}:${String(problem.column)} ${style.bold(problem.code)} ${problem.message}\n${problem.snippet}\n`;
  const lines = [
    ...errors.map((problem) => show(problem, style.red('error'))),
    ...warnings.map((problem) => show(problem, style.yellow('warning'))),
    `${String(errors.length)} errors, ${String(warnings.length)} warnings\n`,
  ];
  return lines.join('\n');
}
