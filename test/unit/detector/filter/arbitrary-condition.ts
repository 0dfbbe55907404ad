import fc from 'fast-check';
import {
  LIST_OPERATORS,
  MODIFIERS,
  NUMBER_OPERATORS,
  STRING_OPERATORS,
  TRANSFORMERS,
  type Expression,
  type FieldOperand,
  type Operand,
  type Value,
} from '../../../../detector/filter/ast.ts';

const NOWHERE = { start: 0, end: 0 };

/** Any tree that the parser could have made. */
export function conditionTree(): fc.Arbitrary<Expression> {
  return fc.letrec<{ tree: Expression }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf(), junction(tie('tree')), negation(tie('tree'))),
  })).tree;
}

/** An operand of its own kind only, as the parser flattens chains but keeps parentheses. */
function junction(tree: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc.record({
    kind: fc.constantFrom('and' as const, 'or' as const),
    operands: fc.array(tree, { minLength: 2, maxLength: 4 }),
    ...spans(),
  });
}

/** Two negations in a row are none, unless parentheses stand between them. */
function negation(tree: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return tree
    .filter((operand) => operand.kind !== 'not')
    .map((operand): Expression => ({ kind: 'not', operand, ...NOWHERE }));
}

function leaf(): fc.Arbitrary<Expression> {
  return fc.oneof(macro(), exists(), numberCheck(), stringCheck(), modifiedCheck(), listCheck());
}

function macro(): fc.Arbitrary<Expression> {
  const reserved = new Set(['and', 'or', 'not']);
  return fc
    .stringMatching(/^[a-z]{1,3}_[a-z0-9]{1,5}$/)
    .filter((name) => !reserved.has(name))
    .map((name): Expression => ({ kind: 'macro', name, ...NOWHERE }));
}

function exists(): fc.Arbitrary<Expression> {
  return operand().map((left): Expression => ({ kind: 'exists', left, ...NOWHERE }));
}

function numberCheck(): fc.Arbitrary<Expression> {
  const number = fc
    .oneof(
      fc.integer().map(String),
      fc.nat().map((value) => `0x${value.toString(16)}`),
    )
    .map(value);
  return compare(fc.constantFrom(...NUMBER_OPERATORS), fc.oneof(number, rightOperand()));
}

function stringCheck(): fc.Arbitrary<Expression> {
  return compare(fc.constantFrom(...STRING_OPERATORS), fc.oneof(text(), rightOperand()));
}

function modifiedCheck(): fc.Arbitrary<Expression> {
  return fc
    .tuple(compare(fc.constantFrom(...STRING_OPERATORS), valueList()), fc.constantFrom(...MODIFIERS))
    .map(([check, modifier]): Expression => ({ ...check, modifier }) as Expression);
}

function listCheck(): fc.Arbitrary<Expression> {
  const name = fc.stringMatching(/^[a-z]{1,5}$/).map(value);
  return compare(fc.constantFrom(...LIST_OPERATORS), fc.oneof(valueList(), rightOperand(), name));
}

function compare(operator: fc.Arbitrary<unknown>, right: fc.Arbitrary<unknown>): fc.Arbitrary<Expression> {
  return fc
    .tuple(operand(), operator, right)
    .map(([left, op, side]) => ({ kind: 'compare', left, operator: op, right: side, ...NOWHERE }) as Expression);
}

function operand(): fc.Arbitrary<Operand> {
  return fc.letrec<{ operand: Operand }>((tie) => ({
    operand: fc.oneof({ maxDepth: 2 }, field(), transformed(tie('operand'))),
  })).operand;
}

function rightOperand(): fc.Arbitrary<Operand> {
  const val = field().map((input): Operand => ({
    kind: 'transformed',
    transformer: 'val',
    inputs: [input],
    ...NOWHERE,
  }));
  return fc.oneof(val, transformed(field()));
}

function transformed(inner: fc.Arbitrary<Operand>): fc.Arbitrary<Operand> {
  const item = fc.oneof(inner, text());
  const list = fc.array(item, { maxLength: 3 }).map((items) => ({ kind: 'inputs' as const, items, ...NOWHERE }));
  return fc
    .tuple(fc.constantFrom(...TRANSFORMERS), fc.array(fc.oneof(item, list), { maxLength: 3 }))
    .map(([transformer, inputs]): Operand => ({ kind: 'transformed', transformer, inputs, ...NOWHERE }));
}

function field(): fc.Arbitrary<FieldOperand> {
  const word = /^[a-z]{1,4}[0-9_]?$/;
  return fc
    .tuple(fc.stringMatching(word), fc.stringMatching(word), fc.option(anyText(), { nil: undefined }))
    .map(([first, second, argument]) => ({
      kind: 'field' as const,
      name: `${first}.${second}`,
      ...(argument === undefined ? {} : { argument }),
      ...NOWHERE,
    }));
}

function valueList(): fc.Arbitrary<unknown> {
  return fc.array(text(), { maxLength: 4 }).map((values) => ({ kind: 'list', values, ...NOWHERE }));
}

function text(): fc.Arbitrary<Value> {
  return fc.oneof(anyText(), fc.constantFrom('oneof', 'and', 'val', 'tolower', '1', '-2')).map(value);
}

function anyText(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('a', '"', "'", '\\', ' ', '\n', '(', ',') }),
  );
}

function value(content: string): Value {
  return { kind: 'value', text: content, ...NOWHERE };
}

function spans() {
  return { start: fc.constant(0), end: fc.constant(0) };
}
