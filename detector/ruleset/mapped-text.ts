import type { Scalar } from 'yaml';
import type { Located, SourceFile } from './source-file.ts';

/**
 * A text that remembers where in the rules files it comes from, through appending, exceptions and the expansion of
 * lists, so that an error in a compiled condition points at the line that a person wrote.
 */
export interface MappedText {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

interface Piece {
  readonly length: number;
  /** Where the character at an offset of the piece stands. */
  readonly locate: (offset: number) => Located;
}

/** The value of a YAML scalar. */
export function textOfScalar(file: SourceFile, scalar: Scalar): MappedText {
  const text = String(scalar.value);
  let offsets: readonly number[] | undefined;
  const locate = (offset: number) => {
    offsets ??= alignment(file.text, scalar, text);
    return { file, offset: offsets[offset] ?? scalar.range?.[0] ?? 0 };
  };
  return { text, pieces: [{ length: text.length, locate }] };
}

/** A text of which every character points at the same place. */
export function textAt(text: string, at: Located): MappedText {
  return { text, pieces: [{ length: text.length, locate: () => at }] };
}

/** Texts one after the other. */
export function joinTexts(texts: readonly MappedText[]): MappedText {
  return { text: texts.map(({ text }) => text).join(''), pieces: texts.flatMap(({ pieces }) => pieces) };
}

/** Where the character at an offset comes from; of an offset behind the end, where the last character does. */
export function locate({ pieces }: MappedText, offset: number): Located {
  let rest = offset;
  for (const [index, piece] of pieces.entries()) {
    if (rest < piece.length || index === pieces.length - 1) return piece.locate(Math.min(rest, piece.length));
    rest -= piece.length;
  }
  throw new Error('a text without pieces has no place');
}

/** A part of the text; `end` is not included. */
export function sliceText({ text, pieces }: MappedText, start: number, end: number = text.length): MappedText {
  const kept: Piece[] = [];
  let pieceStart = 0;
  for (const piece of pieces) {
    const from = Math.max(start, pieceStart);
    const to = Math.min(end, pieceStart + piece.length);
    const shift = from - pieceStart;
    if (to > from) kept.push({ length: to - from, locate: (offset) => piece.locate(offset + shift) });
    pieceStart += piece.length;
  }
  return { text: text.slice(start, end), pieces: kept };
}

/**
 * The offset in the file of every character of a scalar's value: folding only changes blanks and indentation, so each
 * other character is the next equal one of the source.
 */
function alignment(source: string, scalar: Scalar, value: string): readonly number[] {
  const start = scalar.range?.[0] ?? 0;
  let at = isBlock(scalar) ? source.indexOf('\n', start) + 1 : start;
  return Array.from(value, (character) => {
    if (/\s/.test(character)) return at;
    const found = source.indexOf(character, at);
    if (found >= 0) at = found + 1;
    return found >= 0 ? found : at;
  });
}

function isBlock(scalar: Scalar): boolean {
  return scalar.type === 'BLOCK_FOLDED' || scalar.type === 'BLOCK_LITERAL';
}
