import type { ChalkInstance } from 'chalk';
import type { Explained, Reason, SeenField, Verdict } from '../../detector/index.ts';
import { withNote } from './one-line.ts';

/** A condition as an indented tree, one line a part; dim where the answer does not rest on it. */
export function explainedLines(condition: Explained, style: ChalkInstance, columns: number): readonly string[] {
  return treeLines(condition, '', style, columns);
}

/** A line for each reason: the check, what it saw, and the macros that lead to it. */
export function reasonLines(reasons: readonly Reason[], style: ChalkInstance, columns: number): readonly string[] {
  return reasons.map(({ text, verdict, fields, macros }) => {
    const mark = verdict === 'missing' ? style.yellow(MARKS.missing) : style.red(MARKS.false);
    const way = macros.length === 0 ? [] : [`in ${macros.join(' › ')}`];
    const seen = seenWords(text.replace(/^not /, ''), fields);
    return `  ${mark} ${withNote(text, [seen, ...way].join(', '), columns - 4)}`;
  });
}

const MARKS: Readonly<Record<Verdict, string>> = { true: '✓', false: '✗', missing: '?', undecided: '?' };

function treeLines(node: Explained, indent: string, style: ChalkInstance, columns: number): readonly string[] {
  const { text, seen, parts } = folded(node, '');
  const mark = MARKS[node.verdict];
  const line = withNote(text, seen, columns - indent.length - 2);
  const shown = node.isDecisive
    ? `${indent}${colourOf(node.verdict, style)(mark)} ${line}`
    : style.dim(`${indent}${mark} ${line}`);
  return [shown, ...parts.flatMap((part) => treeLines(part, `${indent}  `, style, columns))];
}

function colourOf(verdict: Verdict, style: ChalkInstance): ChalkInstance {
  if (verdict === 'true') return style.green;
  return verdict === 'false' ? style.red : style.yellow;
}

interface Folded {
  readonly text: string;
  readonly seen: string;
  /** What stands below, further in. */
  readonly parts: readonly Explained[];
}

/** Negations and macros share the line of what they are about. */
function folded(node: Explained, before: string): Folded {
  switch (node.kind) {
    case 'not':
      return folded(node.operand, `${before}not `);
    case 'macro':
      return folded(node.body, `${before}${node.name}: `);
    case 'and':
    case 'or':
      return { text: `${before}${node.kind === 'and' ? 'all of' : 'any of'}`, seen: '', parts: node.operands };
    case 'check':
      return { text: before + node.text, seen: seenWords(node.text, node.fields), parts: [] };
  }
}

/** What the fields were, with their names unless it is the one that the check begins with. */
function seenWords(check: string, fields: readonly SeenField[]): string {
  const [only] = fields;
  if (only !== undefined && fields.length === 1 && check.startsWith(`${only.name} `)) return stateWords(only);
  return fields.map((field) => `${field.name} ${stateWords(field)}`).join(', ');
}

function stateWords({ state, values }: SeenField): string {
  if (state === 'missing') return 'is missing';
  if (state === 'unknown') return 'is not known yet';
  const [value] = values;
  if (value === undefined || values.length > 1) return `is (${values.join(', ')})`;
  return value === '' ? 'is empty' : `is ${value}`;
}
