import { holds, type Explained } from '../explain/types.ts';

/** How far the cases of a rule try its checks: each should be true in one case, and false in another. */
export interface RuleCoverage {
  readonly rule: string;
  /** Share of the answers that occurred, 0 to 100, rounded down. */
  readonly percent: number;
  readonly answers: { readonly seen: number; readonly of: number };
  readonly never: readonly UntriedCheck[];
}

export interface UntriedCheck {
  readonly text: string;
  /** The answer that it never had; a missing field counts as false. */
  readonly never: 'true' | 'false';
  /** The macros through which the condition comes to the check, outermost first. */
  readonly macros: readonly string[];
}

export interface Coverage {
  readonly percent: number;
  readonly rules: readonly RuleCoverage[];
}

/** The coverage of rules by what their conditions were for the events of their cases. */
export function coverageOf(trees: ReadonlyMap<string, readonly Explained[]>): Coverage {
  const rules = [...trees].map(([rule, conditions]) => coverageOfRule(rule, conditions));
  const seen = rules.reduce((sum, { answers }) => sum + answers.seen, 0);
  const of = rules.reduce((sum, { answers }) => sum + answers.of, 0);
  return { percent: percentOf(seen, of), rules };
}

interface Tried {
  readonly text: string;
  readonly macros: readonly string[];
  readonly answers: Set<boolean>;
}

function coverageOfRule(rule: string, conditions: readonly Explained[]): RuleCoverage {
  const checks = new Map<string, Tried>();
  for (const condition of conditions) noteAnswers(condition, [], checks);
  const never = [...checks.values()].flatMap(({ text, macros, answers }): readonly UntriedCheck[] => {
    if (answers.size > 1) return [];
    return [{ text, never: answers.has(true) ? 'false' : 'true', macros }];
  });
  const of = checks.size * 2;
  const seen = of - never.length;
  return { rule, percent: percentOf(seen, of), answers: { seen, of }, never };
}

/** A check that stands in several places has one answer, and counts once. */
function noteAnswers(node: Explained, macros: readonly string[], checks: Map<string, Tried>): void {
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const operand of node.operands) noteAnswers(operand, macros, checks);
      return;
    case 'not':
      noteAnswers(node.operand, macros, checks);
      return;
    case 'macro':
      noteAnswers(node.body, [...macros, node.name], checks);
      return;
    case 'check': {
      const tried = checks.get(node.text) ?? { text: node.text, macros, answers: new Set<boolean>() };
      tried.answers.add(holds(node.verdict) === true);
      checks.set(node.text, tried);
    }
  }
}

function percentOf(seen: number, of: number): number {
  return of === 0 ? 100 : Math.floor((100 * seen) / of);
}
