/** A text cut to so many columns, the cut marked. */
export function shortened(text: string, columns: number): string {
  const characters = Array.from(text);
  return characters.length <= columns ? text : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`;
}

/** A text of an event as one line that cannot steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) => ESCAPES.get(character) ?? codeOf(character));
}

/** A text and a note to it on one line of so many columns: where both are long, each has half of it. */
export function withNote(text: string, note: string, columns: number): string {
  const [plainText, plainNote] = [printable(text), printable(note)];
  if (plainNote === '') return shortened(plainText, columns);
  const room = columns - SEPARATOR.length;
  const shownNote = shortened(plainNote, Math.max(Math.floor(room / 2), room - plainText.length));
  return `${shortened(plainText, room - shownNote.length)}${SEPARATOR}${shownNote}`;
}

const SEPARATOR = ' – ';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function codeOf(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
