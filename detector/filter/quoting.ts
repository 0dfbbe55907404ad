/** What may stand without quotes. */
const BARE = /^[^()"'\s=,]+$/;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['/', '/'],
  ['\\', '\\'],
  // Old rules escape a blank and mean the backslash; Falco keeps to that.
  [' ', '\\'],
]);

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);

/** The text as it has to be written in a condition: bare where it may be, else in double quotes. */
export function quote(text: string): string {
  return BARE.test(text) ? text : quoteAlways(text);
}

/** The text in double quotes, escaped. */
export function quoteAlways(text: string): string {
  const escaped = text.replace(/[\b\f\n\r\t\\"]/g, (character) => ESCAPED.get(character) ?? character);
  // A quote never ends a string behind a backslash, so a last backslash is written in its old form.
  return text.endsWith('\\') ? `"${escaped.slice(0, -1)} "` : `"${escaped}"`;
}

/** Takes the escapes out of the inside of a quoted string; undefined and the bad escape when there is one. */
export function unescapeQuoted(
  inside: string,
  delimiter: string,
): { readonly text: string } | { readonly badEscape: string } {
  let text = '';
  for (let index = 0; index < inside.length; index++) {
    const character = inside.charAt(index);
    if (character !== '\\') {
      text += character;
      continue;
    }
    index++;
    const escaped = inside.charAt(index);
    const replacement = escaped === delimiter ? delimiter : ESCAPES.get(escaped);
    if (replacement === undefined) return { badEscape: `\\${escaped}` };
    text += replacement;
  }
  return { text };
}
