import { fieldName, type FieldReference, type FieldTable } from '../event/field-table.ts';
import { mayComeLate } from '../event/late-fields.ts';
import type { DetectorEvent } from '../event/types.ts';
import type { Expression } from '../filter/ast.ts';
import { checkExpression } from '../filter/check.ts';
import type { Predicate, Program } from '../filter/compile.ts';
import { conjunctsOf } from '../filter/conjuncts.ts';
import type { CompiledRule } from '../ruleset/types.ts';
import { createSieve, type FieldCheck, type RuleBits, type Sieve } from './sieve.ts';

/** A rule, with what its condition asks of the events of one type. */
export interface Candidate {
  readonly rule: CompiledRule;
  readonly condition: Expression | true;
}

/** So many rules are judged together: a bit of a number for each. */
const GROUP_SIZE = 31;

/** Rules that are judged together. */
export interface RuleGroup {
  readonly rules: readonly CompiledRule[];
  /** The rules that an event may still fulfil after all that is asked of single fields. */
  readonly sift: (event: DetectorEvent) => RuleBits;
  /** For each of the rules, whether an event that sift() let pass fulfils the rest of its condition. */
  readonly rests: readonly Predicate[];
}

/** Joins rules, in their order. */
export function createRuleGroups(
  candidates: readonly Candidate[],
  program: Program,
  table: FieldTable,
): readonly RuleGroup[] {
  const groups: RuleGroup[] = [];
  for (let from = 0; from < candidates.length; from += GROUP_SIZE) {
    groups.push(createRuleGroup(candidates.slice(from, from + GROUP_SIZE), program, table));
  }
  return groups;
}

/**
 * Joins at most GROUP_SIZE rules. A condition is a row of conjuncts (conjuncts.ts), in any order. Those that ask one field
 * of the event are asked first and for all rules together, in a sieve for each field; what an event does not fail there,
 * and only for the rules that are left, is asked of it in the order of the text.
 */
function createRuleGroup(candidates: readonly Candidate[], program: Program, table: FieldTable): RuleGroup {
  const fields = new Map<string, { readonly field: FieldReference; readonly checks: FieldCheck[] }>();
  const rests = candidates.map(({ condition }, index) => {
    const rest: Expression[] = [];
    for (const conjunct of condition === true ? [] : conjunctsOf(condition)) {
      const field = onlyField(conjunct, table);
      if (field === undefined) {
        rest.push(conjunct);
        continue;
      }
      const name = fieldName(field.info.name, field.argument);
      const entry = fields.get(name) ?? { field, checks: [] };
      entry.checks.push({ rule: 1 << index, passes: program.compile(conjunct) });
      fields.set(name, entry);
    }
    return compileAll(rest, program);
  });
  const sieves = [...fields.values()]
    .map(({ field, checks }) => createSieve(program.reader(field), checks))
    .sort((a, b) => countBits(b.asking) - countBits(a.asking));
  return { rules: candidates.map(({ rule }) => rule), rests, sift: siftThrough(sieves, 2 ** candidates.length - 1) };
}

/** The field that a condition is about, if it is a single one, with one value that the event itself knows. */
function onlyField(expression: Expression, table: FieldTable): FieldReference | undefined {
  const [first, ...others] = checkExpression(expression, table).fields;
  if (first === undefined || first.isList || first.info.special === 'ends' || first.info.special === 'ancestors')
    return undefined;
  if (mayComeLate(first.info.name)) return undefined;
  const isSame = others.every(({ info, argument }) => info === first.info && argument === first.argument);
  return isSame ? first : undefined;
}

function compileAll(conjuncts: readonly Expression[], program: Program): Predicate {
  const [first, ...others] = conjuncts;
  if (first === undefined) return () => true;
  return program.compile(
    others.length === 0 ? first : { kind: 'and', operands: conjuncts, start: first.start, end: first.end },
  );
}

/** Fields that many rules ask for come first, and the rest only while a rule is left that asks for them. */
function siftThrough(sieves: readonly Sieve[], all: RuleBits): RuleGroup['sift'] {
  return (event) => {
    let left = all;
    for (const sieve of sieves) {
      if ((left & sieve.asking) === 0) continue;
      left = sieve.pass(event, left);
      if (left === 0) return 0;
    }
    return left;
  };
}

function countBits(bits: RuleBits): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
