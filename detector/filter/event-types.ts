import { EVENT_TYPES } from '../event/event-types.ts';
import { valuesOf, type Comparison, type Expression, type Operand } from './ast.ts';

/** The types of the events that a condition can be true for; undefined when it says nothing about them. */
export function eventTypesOf(expression: Expression): ReadonlySet<string> | undefined {
  const types = typesWhere(expression, true);
  return types === 'any' ? undefined : types;
}

/** `any` for a condition on other things than the type, whatever its answer. */
type Types = ReadonlySet<string> | 'any';

/** The types for which the condition can have the wanted answer; negations go down to the leaves. */
function typesWhere(expression: Expression, wanted: boolean): Types {
  switch (expression.kind) {
    case 'not':
      return typesWhere(expression.operand, !wanted);
    case 'macro':
      return expression.body === undefined ? 'any' : typesWhere(expression.body, wanted);
    case 'exists':
      return isEventType(expression.left) && !wanted ? new Set() : 'any';
    case 'compare':
      return typesOfComparison(expression, wanted);
    case 'and':
    case 'or': {
      const parts = expression.operands.map((operand) => typesWhere(operand, wanted));
      return (expression.kind === 'and') === wanted ? parts.reduce(intersection) : parts.reduce(union);
    }
  }
}

function typesOfComparison({ left, operator, modifier, right }: Comparison, wanted: boolean): Types {
  const isEquality = operator === '=' || operator === '==' || operator === '!=' || operator === 'in';
  if (!isEventType(left) || !isEquality || modifier !== undefined) return 'any';
  if (right.kind === 'field' || right.kind === 'transformed') return 'any';
  const named = new Set(valuesOf(right).map(({ text }) => text));
  return (operator !== '!=') === wanted ? named : allBut(named);
}

function isEventType(operand: Operand): boolean {
  return operand.kind === 'field' && operand.name === 'evt.type' && operand.argument === undefined;
}

function allBut(excluded: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...EVENT_TYPES.keys()].filter((type) => !excluded.has(type)));
}

function intersection(a: Types, b: Types): Types {
  if (a === 'any') return b;
  return b === 'any' ? a : new Set([...a].filter((type) => b.has(type)));
}

function union(a: Types, b: Types): Types {
  return a === 'any' || b === 'any' ? 'any' : new Set([...a, ...b]);
}
