/*
 * The condition language, as a recursive descent that follows this grammar.
 *
 *   Expression   ::= And ('or' OrTail)*              OrTail  ::= blank And | '(' Expression ')'
 *   And          ::= Not ('and' AndTail)*            AndTail ::= blank Not | '(' Expression ')'
 *   Not          ::= ('not' blank)* ('not(' Expression ')' | Check)
 *   Check        ::= '(' Expression ')'
 *                  | Operand 'exists'
 *                  | Operand NumberOp (Number | RightOperand)
 *                  | Operand StringOp (Text | RightOperand)
 *                  | Operand StringOp blank Modifier blank List
 *                  | Operand ListOp (List | RightOperand)
 *                  | Identifier                                        a macro
 *   Operand      ::= Field | Transformed
 *   RightOperand ::= Transformed | 'val(' Field ')'
 *   Field        ::= FieldName Argument?
 *   Transformed  ::= Transformer '(' (Input (',' Input)*)? ')' Argument?
 *   Input        ::= Operand | Quoted | Number | '(' (Item (',' Item)*)? ')'
 *   Item         ::= Operand | Quoted | Number
 *   Argument     ::= '[' (Quoted | ArgumentText) ']'
 *   List         ::= '(' (Text (',' Text)*)? ')' | Identifier
 *   Text         ::= Quoted | Bare
 *
 *   NumberOp     ::= '<=' | '<' | '>=' | '>'
 *   StringOp     ::= '==' | '=' | '!=' | ('glob' | 'iglob' | 'contains' | 'icontains' | 'bcontains'
 *                  | 'startswith' | 'bstartswith' | 'endswith' | 'regex') blank
 *   ListOp       ::= 'intersects' | 'in' | 'pmatch'
 *   Modifier     ::= 'oneof' | 'anyof' | 'allof'
 *   Transformer  ::= 'tolower' | 'toupper' | 'b64' | 'basename' | 'len' | 'join' | 'concat' | 'getopt'
 *
 *   Identifier   ::= [a-zA-Z]+[a-zA-Z0-9_]*
 *   FieldName    ::= [a-zA-Z]+[a-zA-Z0-9_]*(\.[a-zA-Z]+[a-zA-Z0-9_]*)+
 *   ArgumentText ::= [^\s\b\[\]"']+
 *   Number       ::= 0[xX][0-9a-zA-Z]+ | [+-]?[0-9]+\.?[0-9]*([eE][+-][0-9]+)?
 *   Quoted       ::= '…' or "…", ended by the first own quote that follows no backslash
 *   Bare         ::= [^()"'\s=,]+
 *
 * Blanks may stand between tokens where the productions do not forbid it: none between a name and its '(' or '['.
 * `== oneof` with no list behind it is the text "oneof".
 */
import {
  LIST_OPERATORS,
  MODIFIERS,
  NUMBER_OPERATORS,
  STRING_OPERATORS,
  TRANSFORMERS,
  type Comparison,
  type Expression,
  type FieldOperand,
  type InputList,
  type Modifier,
  type Operand,
  type Operator,
  type RightSide,
  type Span,
  type TransformedOperand,
  type TransformerInput,
  type Value,
  type ValueList,
} from './ast.ts';
import { unescapeQuoted } from './quoting.ts';
import { Scanner, SyntaxProblem } from './scanner.ts';

export type ParseResult =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Nesting beyond this is refused, so that no condition can exhaust the stack. */
const MAX_DEPTH = 250;

/** Parses the text of a condition. Never throws; a failure says what was expected and at which offset. */
export function parseCondition(text: string): ParseResult {
  const scanner = new Scanner(text);
  try {
    return { ok: true, expression: parseWhole(scanner) };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return { ok: false, message: error.message, offset: error.offset };
  }
}

/**
 * Parses a field or transformer that is a prefix of the text, as output formats have it, and says where it ends.
 * Undefined when there is none.
 */
export function parseTransformedPrefix(
  text: string,
  start: number,
): { readonly operand: TransformedOperand; readonly end: number } | undefined {
  const scanner = new Scanner(text);
  scanner.offset = start;
  try {
    const operand = tryTransformed(scanner);
    return operand && { operand, end: scanner.offset };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return undefined;
  }
}

const IDENTIFIER = /[a-zA-Z]+[a-zA-Z0-9_]*/y;
const FIELD_NAME = /[a-zA-Z]+[a-zA-Z0-9_]*(?:\.[a-zA-Z]+[a-zA-Z0-9_]*)+/y;
const ARGUMENT_TEXT = /[^\s\b[\]"']+/y;
const NUMBER = /0[xX][0-9a-zA-Z]+|[+-]?[0-9]+\.?[0-9]*(?:[eE][+-][0-9]+)?/y;
const BARE = /[^()"'\s=,]+/y;
const NOT_BLANK = /not[ \t\b\r\n]+/y;
const NUMBER_OPERATOR = new RegExp(NUMBER_OPERATORS.join('|'), 'y');
const STRING_OPERATOR = new RegExp(
  STRING_OPERATORS.map((operator) => (/\w/.test(operator) ? `${operator}(?=[ \\t\\b\\r\\n])` : operator)).join('|'),
  'y',
);
const LIST_OPERATOR = new RegExp(LIST_OPERATORS.join('|'), 'y');
const TRANSFORMER_OPEN = new RegExp(`(?:${TRANSFORMERS.join('|')})\\(`, 'y');
const MODIFIER = new RegExp(`(?:${MODIFIERS.join('|')})(?=[ \\t\\b\\r\\n]+(?:\\(|(?!(?:and|or)\\b)[a-zA-Z]))`, 'y');

function parseWhole(scanner: Scanner): Expression {
  if (scanner.isAtEnd()) scanner.fail('the condition is empty');
  const expression = parseExpression(scanner);
  if (!scanner.isAtEnd()) scanner.fail(`unexpected token after '${scanner.lastToken}', expecting 'or', 'and'`);
  return expression;
}

function parseExpression(scanner: Scanner): Expression {
  return parseChain(scanner, 'or', parseAnd);
}

function parseAnd(scanner: Scanner): Expression {
  return parseChain(scanner, 'and', parseNot);
}

function parseChain(scanner: Scanner, word: 'and' | 'or', parseOperand: (scanner: Scanner) => Expression): Expression {
  scanner.blanks();
  const start = scanner.offset;
  const operands = [parseOperand(scanner)];
  let end = scanner.offset;
  scanner.blanks();
  while (scanner.take(word)) {
    operands.push(parseTail(scanner, word, parseOperand));
    end = scanner.offset;
    scanner.blanks();
  }
  const [first] = operands;
  return operands.length === 1 && first !== undefined ? first : { kind: word, operands, start, end };
}

function parseTail(scanner: Scanner, word: string, parseOperand: (scanner: Scanner) => Expression): Expression {
  if (scanner.blanks()) return parseOperand(scanner);
  if (scanner.take('(')) return parseEmbedded(scanner);
  return scanner.fail(`expected blank or '(' after '${word}'`);
}

function parseNot(scanner: Scanner): Expression {
  scanner.blanks();
  const start = scanner.offset;
  let isNegated = false;
  while (scanner.match(NOT_BLANK) !== undefined) isNegated = !isNegated;
  const isOpen = scanner.take('not(');
  if (isOpen) isNegated = !isNegated;
  const operand = isOpen ? parseEmbedded(scanner) : parseCheck(scanner);
  return isNegated ? { kind: 'not', operand, start, end: scanner.offset } : operand;
}

/** What follows an opening parenthesis. */
function parseEmbedded(scanner: Scanner): Expression {
  const expression = deeper(scanner, parseExpression);
  if (!scanner.take(')')) scanner.fail("expected a ')' token");
  return expression;
}

function deeper<T>(scanner: Scanner, parse: (scanner: Scanner) => T): T {
  scanner.depth++;
  if (scanner.depth >= MAX_DEPTH) scanner.fail(`exceeded max depth limit of ${String(MAX_DEPTH)}`);
  const result = parse(scanner);
  scanner.depth--;
  return result;
}

function parseCheck(scanner: Scanner): Expression {
  scanner.blanks();
  if (scanner.take('(')) return parseEmbedded(scanner);
  const start = scanner.offset;
  const left = tryOperand(scanner);
  if (left !== undefined) return parseConditionOf(scanner, left);
  const name = scanner.match(IDENTIFIER);
  if (name !== undefined) return { kind: 'macro', name, start, end: scanner.offset };
  return scanner.fail("expected a '(' token, a field check, or an identifier");
}

function parseConditionOf(scanner: Scanner, left: Operand): Expression {
  const { start } = left;
  scanner.blanks();
  if (scanner.take('exists')) return { kind: 'exists', left, start, end: scanner.offset };
  const numberOperator = scanner.match(NUMBER_OPERATOR);
  if (numberOperator !== undefined) return comparison(scanner, left, numberOperator, parseNumber(scanner));
  const stringOperator = scanner.match(STRING_OPERATOR);
  if (stringOperator !== undefined) return parseStringComparison(scanner, left, stringOperator);
  const listOperator = scanner.match(LIST_OPERATOR);
  if (listOperator !== undefined) return comparison(scanner, left, listOperator, parseListOrOperand(scanner));
  return scanner.fail(
    `expected a valid check operator: one of ${listed(['exists', ...NUMBER_OPERATORS, ...STRING_OPERATORS, ...LIST_OPERATORS])}`,
  );
}

function comparison(scanner: Scanner, left: Operand, operator: string, right: RightSide): Comparison {
  return { kind: 'compare', left, operator: operator as Operator, right, start: left.start, end: scanner.offset };
}

function parseStringComparison(scanner: Scanner, left: Operand, operator: string): Comparison {
  const modifier = scanner.blanks() ? scanner.match(MODIFIER) : undefined;
  if (modifier === undefined) return comparison(scanner, left, operator, parseTextOrOperand(scanner));
  scanner.blanks();
  const right = parseList(scanner);
  return { ...comparison(scanner, left, operator, right), modifier: modifier as Modifier };
}

function parseNumber(scanner: Scanner): RightSide {
  scanner.blanks();
  const operand = tryRightOperand(scanner);
  return operand ?? tryNumber(scanner) ?? scanner.fail(`expected a number value or ${rightOperands()}`);
}

function parseTextOrOperand(scanner: Scanner): RightSide {
  scanner.blanks();
  const operand = tryRightOperand(scanner);
  return operand ?? tryText(scanner) ?? scanner.fail(`expected a string value or ${rightOperands()}`);
}

function parseListOrOperand(scanner: Scanner): RightSide {
  scanner.blanks();
  return tryRightOperand(scanner) ?? parseList(scanner);
}

/** A list in parentheses, or a bare name. */
function parseList(scanner: Scanner): ValueList | Value {
  const start = scanner.offset;
  if (scanner.take('(')) {
    const values = parseItems(scanner, tryText, 'a string value');
    return { kind: 'list', values, start, end: scanner.offset };
  }
  const name = scanner.match(IDENTIFIER);
  if (name !== undefined) return { kind: 'value', text: name, start, end: scanner.offset };
  return scanner.fail(`expected a list, an identifier, or ${rightOperands()}`);
}

/** The items of a list up to its closing parenthesis, the opening one being read. */
function parseItems<T>(scanner: Scanner, tryItem: (scanner: Scanner) => T | undefined, expected: string): readonly T[] {
  const items: T[] = [];
  scanner.blanks();
  const first = tryItem(scanner);
  if (first !== undefined) items.push(first);
  scanner.blanks();
  while (first !== undefined && scanner.take(',')) {
    scanner.blanks();
    items.push(tryItem(scanner) ?? scanner.fail(`expected ${expected}`));
    scanner.blanks();
  }
  if (!scanner.take(')')) scanner.fail("expected a ')' token");
  return items;
}

function tryRightOperand(scanner: Scanner): TransformedOperand | undefined {
  const start = scanner.offset;
  if (!scanner.take('val(')) return tryTransformed(scanner);
  scanner.blanks();
  const field = tryField(scanner) ?? scanner.fail("expected a field within 'val' transformer");
  scanner.blanks();
  if (!scanner.take(')')) scanner.fail("expected a ')' token closing the transformer");
  return withArgument(scanner, {
    kind: 'transformed',
    transformer: 'val',
    inputs: [field],
    start,
    end: scanner.offset,
  });
}

function tryOperand(scanner: Scanner): Operand | undefined {
  return tryField(scanner) ?? tryTransformed(scanner);
}

function tryField(scanner: Scanner): FieldOperand | undefined {
  const start = scanner.offset;
  const name = scanner.match(FIELD_NAME);
  if (name === undefined) return undefined;
  return withArgument(scanner, { kind: 'field', name, start, end: scanner.offset });
}

function tryTransformed(scanner: Scanner): TransformedOperand | undefined {
  const start = scanner.offset;
  const open = scanner.match(TRANSFORMER_OPEN);
  if (open === undefined) return undefined;
  const inputs = deeper(scanner, () =>
    parseItems(scanner, tryInput, 'a field, a transformer, a quoted string or a number'),
  );
  const transformer = open.slice(0, -1) as TransformedOperand['transformer'];
  return withArgument(scanner, { kind: 'transformed', transformer, inputs, start, end: scanner.offset });
}

function tryInput(scanner: Scanner): TransformerInput | undefined {
  const start = scanner.offset;
  if (!scanner.take('(')) return tryInputItem(scanner);
  const items = parseItems(scanner, tryInputItem, 'a field, a transformer, a quoted string or a number');
  return { kind: 'inputs', items, start, end: scanner.offset } satisfies InputList;
}

function tryInputItem(scanner: Scanner): Operand | Value | undefined {
  return tryOperand(scanner) ?? tryQuoted(scanner) ?? tryNumber(scanner);
}

function withArgument<T extends FieldOperand | TransformedOperand>(scanner: Scanner, operand: T): T {
  if (!scanner.take('[')) return operand;
  const quoted = tryQuoted(scanner)?.text;
  const argument = quoted ?? scanner.match(ARGUMENT_TEXT);
  if (argument === undefined) scanner.fail('expected a valid field argument: a quoted string or a bare string');
  if (!scanner.take(']')) scanner.fail("expected a ']' token");
  return { ...operand, argument, end: scanner.offset };
}

function tryText(scanner: Scanner): Value | undefined {
  return tryQuoted(scanner) ?? tryToken(scanner, BARE);
}

function tryNumber(scanner: Scanner): Value | undefined {
  return tryToken(scanner, NUMBER);
}

function tryToken(scanner: Scanner, expression: RegExp): Value | undefined {
  const start = scanner.offset;
  const text = scanner.match(expression);
  return text === undefined ? undefined : { kind: 'value', text, start, end: scanner.offset };
}

function tryQuoted(scanner: Scanner): Value | undefined {
  const span = quotedSpan(scanner);
  if (span === undefined) return undefined;
  const inside = scanner.text.slice(span.start + 1, span.end - 1);
  const unescaped = unescapeQuoted(inside, scanner.text.charAt(span.start));
  if ('badEscape' in unescaped) scanner.fail(`unsupported string escape sequence: ${unescaped.badEscape}`);
  scanner.offset = span.end;
  scanner.lastToken = unescaped.text;
  return { kind: 'value', text: unescaped.text, ...span };
}

/** Where a quoted string that starts here ends. A quote after a backslash never ends it, not even after two. */
function quotedSpan(scanner: Scanner): Span | undefined {
  const { text, offset: start } = scanner;
  const delimiter = text.charAt(start);
  if (delimiter !== '"' && delimiter !== "'") return undefined;
  for (let index = start + 1; index < text.length; index++) {
    if (text.charAt(index) === delimiter && text.charAt(index - 1) !== '\\') return { start, end: index + 1 };
  }
  return undefined;
}

function rightOperands(): string {
  return `a field with a valid transformer: ${listed(['val', ...TRANSFORMERS])}`;
}

function listed(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}
