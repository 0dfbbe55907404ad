import { quoteAlways } from '../filter/quoting.ts';
import type { CollectedList } from './collect.ts';
import { createDiagnostics, type Diagnostics } from './diagnostics.ts';
import { joinTexts, locate, sliceText, textAt, type MappedText } from './mapped-text.ts';
import { sourceFile } from './source-file.ts';

/** Puts the items of lists where conditions name them, and notes which lists were. */
export interface ListExpander {
  expand(condition: MappedText): MappedText;
  readonly used: ReadonlySet<string>;
}

/** Lists of lists multiply; more items than this are refused. */
const MAX_ITEMS = 100_000;

/** An expander for the given lists. An item that names a list stands for that list's items. */
export function listExpander(lists: ReadonlyMap<string, CollectedList>, diagnostics: Diagnostics): ListExpander {
  const used = new Set<string>();
  const items = new Map(
    [...lists.values()].map(({ name, at }) => {
      const state: Flattening = { lists, used, flat: [], visits: 0 };
      if (addItems(state, name, new Set([name]))) return [name, state.flat];
      const message = `List '${name}' has more than ${String(MAX_ITEMS)} items, those of its lists counted in`;
      diagnostics.error('LOAD_ERR_VALIDATE', message, at);
      return [name, []];
    }),
  );
  const names = [...items.keys()].sort((a, b) => b.length - a.length);
  return { used, expand: (condition) => expand(condition, names, items, used) };
}

/** A piece of a condition with the items of a loaded ruleset's lists in place of their names. */
export function expandListNames(text: string, lists: ReadonlyMap<string, readonly string[]>): string {
  const at = { file: sourceFile('', text), offset: 0 };
  const collected = [...lists].map(([name, items], index): readonly [string, CollectedList] => [
    name,
    { name, items: items.map((item) => textAt(item, at)), at, index, visibility: index },
  ]);
  return listExpander(new Map(collected), createDiagnostics()).expand(textAt(text, at)).text;
}

interface Flattening {
  readonly lists: ReadonlyMap<string, CollectedList>;
  readonly used: Set<string>;
  readonly flat: string[];
  /** Items looked at so far: lists of empty lists multiply too. */
  visits: number;
}

/** Adds the items of a list and of its lists; false when there are too many. */
function addItems(state: Flattening, name: string, path: ReadonlySet<string>): boolean {
  for (const { text } of state.lists.get(name)?.items ?? []) {
    state.visits++;
    if (state.visits > MAX_ITEMS) return false;
    // A list that names itself, if through others, means the word.
    if (!state.lists.has(text) || path.has(text)) {
      state.flat.push(text);
      continue;
    }
    state.used.add(text);
    if (!addItems(state, text, new Set([...path, text]))) return false;
  }
  return true;
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
