/** What the options of a command line say. */
export interface Options {
  /** Option letters and their values, in order; `?` for a letter that the option string does not have. */
  readonly words: readonly string[];
  /** The value of each letter; of a letter without one, the letter itself. The last use of a letter counts. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Reads options as getopt(3) does that stops at the first word that is none: `getopt(["-nt", "x"], "nt:")` finds n and
 * t with value x. A missing value is the empty text. Words that begin with two dashes are passed over; `--` alone ends.
 */
export function readOptions(words: readonly string[], optionString: string): Options {
  const found: string[] = [];
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--' || !isOption(word)) break;
    if (word.startsWith('--')) continue;
    index += readWord(word.slice(1), words[index + 1], optionString, { found, values });
  }
  return { words: found, values };
}

interface Collected {
  readonly found: string[];
  readonly values: Map<string, string>;
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-');
}

/** Reads the letters of one word; returns how many further words it took. */
function readWord(letters: string, next: string | undefined, optionString: string, into: Collected): number {
  for (let index = 0; index < letters.length; index++) {
    const letter = letters.charAt(index);
    const takes = optionTakes(letter, optionString);
    if (takes === 'unknown') into.found.push('?');
    if (takes === 'nothing') note(into, letter, letter);
    if (takes !== 'value') continue;
    const attached = letters.slice(index + 1);
    const value = attached === '' ? next : attached;
    if (value === undefined) into.found.push('');
    else into.found.push(letter, value);
    into.values.set(letter, value ?? '');
    return attached === '' && next !== undefined ? 1 : 0;
  }
  return 0;
}

function note({ found, values }: Collected, letter: string, value: string): void {
  found.push(letter);
  values.set(letter, value);
}

function optionTakes(letter: string, optionString: string): 'nothing' | 'value' | 'unknown' {
  const index = letter === ':' ? -1 : optionString.indexOf(letter);
  if (index < 0) return 'unknown';
  return optionString.charAt(index + 1) === ':' ? 'value' : 'nothing';
}
