import { quoteAlways } from '../filter/quoting.ts';
import type { CollectedList } from './collect.ts';
import { joinTexts, locate, sliceText, textAt, type MappedText } from './mapped-text.ts';

/** Puts the items of lists where conditions name them, and notes which lists were. */
export interface ListExpander {
  expand(condition: MappedText): MappedText;
  readonly used: ReadonlySet<string>;
}

/** An expander for the given lists. An item that names a list stands for that list's items. */
export function listExpander(lists: ReadonlyMap<string, CollectedList>): ListExpander {
  const used = new Set<string>();
  const items = new Map([...lists.keys()].map((name) => [name, flatItems(lists, name, used)]));
  const names = [...items.keys()].sort((a, b) => b.length - a.length);
  return { used, expand: (condition) => expand(condition, names, items, used) };
}

function flatItems(
  lists: ReadonlyMap<string, CollectedList>,
  name: string,
  used: Set<string>,
  path: ReadonlySet<string> = new Set([name]),
): readonly string[] {
  const own = lists.get(name)?.items ?? [];
  return own.flatMap(({ text }) => {
    // A list that names itself, if through others, means the word.
    if (!lists.has(text) || path.has(text)) return [text];
    used.add(text);
    return flatItems(lists, text, used, new Set([...path, text]));
  });
}

const DELIMITER = /[\s(),=]/;

/**
 * Replaces each name of a list that stands alone outside of quotes. Where the list is empty, a comma beside it goes
 * too.
 */
function expand(
  condition: MappedText,
  names: readonly string[],
  items: ReadonlyMap<string, readonly string[]>,
  used: Set<string>,
): MappedText {
  const { text } = condition;
  const parts: MappedText[] = [];
  let copied = 0;
  for (let offset = 0; offset < text.length; offset = nextWord(text, offset)) {
    const name = names.find((candidate) => isWordAt(text, offset, candidate));
    if (name === undefined) continue;
    used.add(name);
    const span = replacedSpan(text, offset, offset + name.length, items.get(name) ?? []);
    parts.push(sliceText(condition, copied, span.start), textAt(span.text, locate(condition, offset)));
    copied = span.end;
    offset = Math.max(offset, copied - 1);
  }
  return parts.length === 0 ? condition : joinTexts([...parts, sliceText(condition, copied)]);
}

function isWordAt(text: string, offset: number, word: string): boolean {
  if (!text.startsWith(word, offset)) return false;
  const after = text.charAt(offset + word.length);
  return after === '' || DELIMITER.test(after);
}

/** The offset behind the next delimiter; quoted text is passed over. */
function nextWord(text: string, offset: number): number {
  const character = text.charAt(offset);
  if (character === '"' || character === "'") return endOfQuoted(text, offset);
  for (let index = offset; index < text.length; index++) {
    if (DELIMITER.test(text.charAt(index))) return index + 1;
    if (index > offset && /["']/.test(text.charAt(index))) return index;
  }
  return text.length;
}

function endOfQuoted(text: string, start: number): number {
  const delimiter = text.charAt(start);
  for (let index = start + 1; index < text.length; index++) {
    if (text.charAt(index) === delimiter && text.charAt(index - 1) !== '\\') return index + 1;
  }
  return text.length;
}

function replacedSpan(
  text: string,
  start: number,
  end: number,
  items: readonly string[],
): { readonly start: number; readonly end: number; readonly text: string } {
  if (items.length > 0) return { start, end, text: items.map(quoteItem).join(', ') };
  const before = text.slice(0, start).trimEnd();
  if (before.endsWith(',')) return { start: before.length - 1, end, text: '' };
  const after = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  return { start, end: end + after, text: '' };
}

/** Items that a condition cannot have bare are quoted, unless the person did so. */
function quoteItem(item: string): string {
  return /^["']/.test(item) || !/[\s(),=]/.test(item) ? item : quoteAlways(item);
}
