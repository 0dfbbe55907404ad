/**
 * A shell pattern as a test, as fnmatch(3) without flags has it: `*` and `?` match any character, slashes too;
 * `[a-z]`, `[!a-z]` and `[[:alpha:]]` are sets; a backslash takes the next character literally.
 */
export function compileGlob(pattern: string, { ignoreCase = false } = {}): (text: string) => boolean {
  if (!/[*?[\\]/.test(pattern) && !ignoreCase) return (text) => text === pattern;
  const expression = tryExpression(translate(pattern), ignoreCase ? 'isu' : 'su');
  return expression === undefined ? () => false : (text) => expression.test(text);
}

/** True for a text that is a pattern and not just a name. */
export function hasWildcard(text: string): boolean {
  return /[*?[]/.test(text);
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

/** A set like `[z-a]` is no expression; as a pattern it matches nothing. */
function tryExpression(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(`^${source}$`, flags);
  } catch {
    return undefined;
  }
}

function translate(pattern: string): string {
  let source = '';
  let index = 0;
  while (index < pattern.length) {
    const rest = pattern.slice(index);
    const [length, translated] = translateNext(rest);
    source += translated;
    index += length;
  }
  // A run of stars is one star; more of them would only cost time.
  return source.replace(/(?:\.\*){2,}/g, '.*');
}

/** How many characters of the pattern the next element takes, and what it is as a regular expression. */
function translateNext(rest: string): readonly [length: number, translated: string] {
  const set = /^\[[!^]?(?:\]|\[:[a-z]+:\]|\\.|[^\]])(?:\[:[a-z]+:\]|\\.|[^\]])*\]/su.exec(rest)?.[0];
  if (set !== undefined) return [set.length, translateSet(set)];
  const [character = ''] = rest;
  if (character === '*') return [1, '.*'];
  if (character === '?') return [1, '.'];
  if (character !== '\\') return [character.length, escaped(character)];
  const [, literal = '\\'] = rest;
  return [1 + (rest.length > 1 ? literal.length : 0), escaped(literal)];
}

function translateSet(set: string): string {
  const isNegated = /^\[[!^]/.test(set);
  const inside = set.slice(isNegated ? 2 : 1, -1);
  const members = inside.replace(/\[:([a-z]+):\]|\\(.)|./gsu, (part, name?: string, literal?: string) => {
    if (name !== undefined) return CLASSES[name] ?? '';
    if (literal !== undefined) return literal === '-' ? '\\-' : escaped(literal);
    return part === '-' ? part : escaped(part);
  });
  return `[${isNegated ? '^' : ''}${members}]`;
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
