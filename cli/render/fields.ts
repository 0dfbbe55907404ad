import type { ChalkInstance } from 'chalk';
import { wrapAnsi } from 'fast-wrap-ansi';
import type { ListedField } from '../../detector/index.ts';
import { table } from './table.ts';
import { visibleLength } from './visible.ts';

/** Fields stand in columns where this much is left for what they are, and else each in a paragraph. */
const MIN_BESIDE = 36;
const INDENT = '    ';

/** Of each field whether a lab fills it, its name, type, argument and source, and what it is. */
export function fieldsText(fields: readonly ListedField[], style: ChalkInstance, columns: number): string {
  const [head = '', ...lines] = headLines(fields, style);
  const width = Math.max(...[head, ...lines].map(visibleLength)) + 2;
  const rows =
    columns - width >= MIN_BESIDE
      ? [head, ...fields.map((field, index) => beside(lines[index] ?? '', sayings(field), width, columns))]
      : fields.map((field) => paragraph(field, style, columns));
  return `${rows.join('\n')}\n\n${summary(fields, style)}\n`;
}

/** What stands in the column of the argument. */
export function argumentWords({ argument, argumentKind }: ListedField): string {
  if (argument === 'none' || argumentKind === undefined) return '';
  const what = { index: 'number', key: 'name', any: 'number or name' }[argumentKind];
  return argument === 'required' ? what : `${what}, optional`;
}

export function typeWords({ type, isList }: ListedField): string {
  return isList ? `list of ${type}` : type;
}

function headLines(fields: readonly ListedField[], style: ChalkInstance): readonly string[] {
  const rows = fields.map((field) => [
    mark(field, style),
    style.bold(field.name),
    typeWords(field),
    argumentWords(field),
    field.sources.join(', '),
  ]);
  return table(['', 'field', 'type', 'argument', 'source'], rows, style).trimEnd().split('\n');
}

function mark({ isProvided }: ListedField, style: ChalkInstance): string {
  return isProvided ? style.green('✓') : style.dim('–');
}

function sayings({ description, providedArguments, isDeprecated }: ListedField): string {
  const filled = providedArguments === undefined ? [] : [`filled for ${providedArguments.join(', ')}`];
  return [...(isDeprecated ? ['deprecated'] : []), description, ...filled].join('; ');
}

function beside(line: string, text: string, width: number, columns: number): string {
  const gap = ' '.repeat(width - visibleLength(line));
  return line + gap + wrapAnsi(text, columns - width).replaceAll('\n', `\n${' '.repeat(width)}`);
}

function paragraph(field: ListedField, style: ChalkInstance, columns: number): string {
  const argument = argumentWords(field);
  const facts = [typeWords(field), ...(argument === '' ? [] : [`argument: ${argument}`]), field.sources.join(' and ')];
  const text = wrapAnsi(`${facts.join('; ')}\n${sayings(field)}`, Math.max(columns - INDENT.length, MIN_BESIDE));
  return `${mark(field, style)} ${style.bold(field.name)}\n${INDENT}${text.replaceAll('\n', `\n${INDENT}`)}`;
}

function summary(fields: readonly ListedField[], style: ChalkInstance): string {
  const filled = fields.filter(({ isProvided }) => isProvided).length;
  const count = `${String(filled)} of ${String(fields.length)} ${fields.length === 1 ? 'field' : 'fields'}`;
  return style.dim(`✓ filled in a lab: ${count}`);
}
