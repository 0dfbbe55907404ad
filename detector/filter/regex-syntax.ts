/*
 * Regular expressions as Falco's `regex` operator has them: RE2's POSIX syntax (egrep), which knows no \d, no
 * lookaround and no back references, so that a match takes linear time.
 *
 *   Alternation ::= Sequence ('|' Sequence)*
 *   Sequence    ::= (Atom ('*' | '+' | '?' | '{' n (',' m?)? '}')*)*
 *   Atom        ::= '(' Alternation ')' | '[' set ']' | '.' | '^' | '$' | '\' character | character
 */

/** Code points from `from` to `to`, both included. */
export interface CodeRange {
  readonly from: number;
  readonly to: number;
}

export type RegexNode =
  | { readonly kind: 'set'; readonly ranges: readonly CodeRange[] }
  | { readonly kind: 'lineStart' }
  | { readonly kind: 'lineEnd' }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max: number };

/** The expression is not one; the message says why. */
export class RegexProblem extends Error {}

/** Counts like {1001} are refused, as RE2 does. */
const MAX_REPEAT = 1000;
const LAST_CODE_POINT = 0x10ffff;

/** Parses an expression; throws RegexProblem. */
export function parseRegex(pattern: string): RegexNode {
  const reader = { characters: Array.from(pattern), index: 0 };
  const node = parseAlternation(reader);
  if (reader.index < reader.characters.length) throw new RegexProblem('unexpected )');
  return node;
}

interface Reader {
  readonly characters: readonly string[];
  index: number;
}

function peek(reader: Reader): string | undefined {
  return reader.characters[reader.index];
}

function next(reader: Reader): string | undefined {
  const character = peek(reader);
  reader.index++;
  return character;
}

function parseAlternation(reader: Reader): RegexNode {
  const options = [parseSequence(reader)];
  while (peek(reader) === '|') {
    next(reader);
    options.push(parseSequence(reader));
  }
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
}

function parseSequence(reader: Reader): RegexNode {
  const items: RegexNode[] = [];
  for (let character = peek(reader); character !== undefined && character !== '|' && character !== ')';) {
    items.push(parseRepeated(reader));
    character = peek(reader);
  }
  return { kind: 'sequence', items };
}

function parseRepeated(reader: Reader): RegexNode {
  let node = parseAtom(reader);
  for (let bounds = tryBounds(reader); bounds !== undefined; bounds = tryBounds(reader)) {
    node = { kind: 'repeat', item: node, ...bounds };
  }
  return node;
}

function tryBounds(reader: Reader): { readonly min: number; readonly max: number } | undefined {
  const character = peek(reader);
  if (character === '*' || character === '+' || character === '?') {
    next(reader);
    return { min: character === '+' ? 1 : 0, max: character === '?' ? 1 : Infinity };
  }
  const braces = /^\{(\d+)(,?)(\d*)\}/.exec(reader.characters.slice(reader.index, reader.index + 12).join(''));
  if (braces === null) return undefined;
  const [text, least = '', comma = '', most = ''] = braces;
  const min = Number(least);
  const max = comma === '' ? min : most === '' ? Infinity : Number(most);
  if (min > MAX_REPEAT || (max !== Infinity && (max > MAX_REPEAT || max < min))) {
    throw new RegexProblem(`invalid repetition size: ${text}`);
  }
  reader.index += text.length;
  return { min, max };
}

function parseAtom(reader: Reader): RegexNode {
  const character = next(reader) ?? '';
  if (character === '(') return parseGroup(reader);
  if (character === '[') return parseSet(reader);
  if (character === '.') return { kind: 'set', ranges: inverted([single('\n')]) };
  if (character === '^') return { kind: 'lineStart' };
  if (character === '$') return { kind: 'lineEnd' };
  if (/[*+?]/.test(character)) throw new RegexProblem(`no argument for repetition operator: ${character}`);
  if (character === '\\') return { kind: 'set', ranges: [parseEscape(reader)] };
  return { kind: 'set', ranges: [single(character)] };
}

function parseGroup(reader: Reader): RegexNode {
  if (peek(reader) === '?') throw new RegexProblem('no argument for repetition operator: ?');
  const node = parseAlternation(reader);
  if (next(reader) !== ')') throw new RegexProblem('missing closing )');
  return node;
}

const CONTROL_ESCAPES: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function parseEscape(reader: Reader): CodeRange {
  const character = next(reader);
  if (character === undefined) throw new RegexProblem('trailing \\');
  const control = CONTROL_ESCAPES[character];
  if (control !== undefined) return single(control);
  if (/[\p{L}\p{N}]/u.test(character)) throw new RegexProblem(`invalid escape sequence: \\${character}`);
  return single(character);
}

const CLASSES: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  alnum: [
    ['0', '9'],
    ['A', 'Z'],
    ['a', 'z'],
  ],
  alpha: [
    ['A', 'Z'],
    ['a', 'z'],
  ],
  ascii: [['\0', '\x7f']],
  blank: [
    ['\t', '\t'],
    [' ', ' '],
  ],
  cntrl: [
    ['\0', '\x1f'],
    ['\x7f', '\x7f'],
  ],
  digit: [['0', '9']],
  graph: [['!', '~']],
  lower: [['a', 'z']],
  print: [[' ', '~']],
  punct: [
    ['!', '/'],
    [':', '@'],
    ['[', '`'],
    ['{', '~'],
  ],
  space: [
    ['\t', '\r'],
    [' ', ' '],
  ],
  upper: [['A', 'Z']],
  word: [
    ['0', '9'],
    ['A', 'Z'],
    ['a', 'z'],
    ['_', '_'],
  ],
  xdigit: [
    ['0', '9'],
    ['A', 'F'],
    ['a', 'f'],
  ],
};

function parseSet(reader: Reader): RegexNode {
  const isInverted = peek(reader) === '^';
  if (isInverted) next(reader);
  const ranges: CodeRange[] = [];
  for (let isFirst = true; isFirst || peek(reader) !== ']'; isFirst = false) {
    ranges.push(...parseSetItem(reader));
  }
  next(reader);
  return { kind: 'set', ranges: isInverted ? inverted(ranges) : ranges };
}

function parseSetItem(reader: Reader): readonly CodeRange[] {
  const named = /^\[:(\^?)([a-z]+):\]/.exec(reader.characters.slice(reader.index, reader.index + 12).join(''));
  if (named !== null) {
    reader.index += named[0].length;
    return namedSet(named[2] ?? '', named[1] === '^');
  }
  const from = parseSetCharacter(reader);
  if (peek(reader) !== '-' || reader.characters[reader.index + 1] === ']') return [from];
  next(reader);
  const to = parseSetCharacter(reader);
  if (to.to < from.from) throw new RegexProblem('invalid character class range');
  return [{ from: from.from, to: to.to }];
}

function parseSetCharacter(reader: Reader): CodeRange {
  const character = next(reader);
  if (character === undefined) throw new RegexProblem('missing closing ]');
  return character === '\\' ? parseEscape(reader) : single(character);
}

function namedSet(name: string, isInverted: boolean): readonly CodeRange[] {
  const pairs = CLASSES[name];
  if (pairs === undefined) throw new RegexProblem(`invalid character class range: [:${name}:]`);
  const ranges = pairs.map(([from, to]) => ({ from: single(from).from, to: single(to).to }));
  return isInverted ? inverted(ranges) : ranges;
}

function single(character: string): CodeRange {
  const code = character.codePointAt(0) ?? 0;
  return { from: code, to: code };
}

function inverted(ranges: readonly CodeRange[]): readonly CodeRange[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from);
  const gaps: CodeRange[] = [];
  let start = 0;
  for (const { from, to } of sorted) {
    if (from > start) gaps.push({ from: start, to: from - 1 });
    start = Math.max(start, to + 1);
  }
  if (start <= LAST_CODE_POINT) gaps.push({ from: start, to: LAST_CODE_POINT });
  return gaps;
}
