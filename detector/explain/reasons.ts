import { partText } from './parts.ts';
import {
  holds,
  type Explained,
  type ExplainedCheck,
  type ExplainedMacro,
  type SeenField,
  type Verdict,
} from './types.ts';

/** A check whose answer keeps the condition from being true. */
export interface Reason {
  /** The check, behind `not` where the condition wants it to be false. */
  readonly text: string;
  /** The answer of the check itself. */
  readonly verdict: Verdict;
  readonly fields: readonly SeenField[];
  /** The macros through which the condition comes to the check, outermost first. */
  readonly macros: readonly string[];
}

export interface Reasons {
  /** What the answer rests on. */
  readonly because: readonly Reason[];
  /** What would have to change as well: the condition is false before it comes to ask. */
  readonly besides: readonly Reason[];
  /** Fields that are not known yet and that the answer hangs on, each once. */
  readonly undecided: readonly string[];
}

/** Why a condition is false, or not decided; nothing for one that is true. */
export function reasonsOf(condition: Explained): Reasons {
  const checks = condition.verdict === 'true' ? [] : partsOf(condition).filter(isCheckPart);
  const decided = checks.filter(({ node }) => node.verdict !== 'undecided');
  const because = onceEach(decided.filter(({ node }) => node.isDecisive).map(reasonOf));
  const all = onceEach([...because, ...decided.map(reasonOf)]);
  const undecided = checks.flatMap(({ node }) => node.fields.filter(isUnknown).map(({ name }) => name));
  return { because, besides: all.slice(because.length), undecided: [...new Set(undecided)] };
}

/** The checks and macros that a false condition rests on, as texts that say what would have to be true. */
export function failedParts(condition: Explained): ReadonlySet<string> {
  if (condition.verdict === 'true') return new Set();
  return new Set(
    partsOf(condition)
      .filter(({ node }) => node.isDecisive)
      .map(textOf),
  );
}

/** A check or macro with an answer that is not the wanted one. */
interface Part {
  readonly node: ExplainedCheck | ExplainedMacro;
  /** The answer that would help the condition to be true. */
  readonly wanted: boolean;
  readonly macros: readonly string[];
}

interface CheckPart extends Part {
  readonly node: ExplainedCheck;
}

/** Goes down to all that shares in the answer of the condition: in a chain, the operands that answer as it does. */
function partsOf(node: Explained, wanted = true, macros: readonly string[] = []): readonly Part[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.operands
        .filter(({ verdict }) => holds(verdict) === holds(node.verdict))
        .flatMap((operand) => partsOf(operand, wanted, macros));
    case 'not':
      return partsOf(node.operand, !wanted, macros);
    case 'macro':
      return [{ node, wanted, macros }, ...partsOf(node.body, wanted, [...macros, node.name])];
    case 'check':
      return [{ node, wanted, macros }];
  }
}

function isCheckPart(part: Part): part is CheckPart {
  return part.node.kind === 'check';
}

function reasonOf(part: CheckPart): Reason {
  const { node, macros } = part;
  return { text: textOf(part), verdict: node.verdict, fields: node.fields, macros };
}

function textOf({ node, wanted }: Part): string {
  return partText(node.kind === 'macro' ? node.name : node.text, wanted);
}

/** A check that stands in several places has one answer. */
function onceEach(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ text }, index) => reasons.findIndex((other) => other.text === text) === index);
}

function isUnknown({ state }: SeenField): boolean {
  return state === 'unknown';
}
