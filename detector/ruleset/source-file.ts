import type { Place } from './types.ts';

/** The text of a rules file, with its lines at hand. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** Line and column, both from 1, of an offset into the text. */
  placeOf(offset: number): Place;
  /** The line that holds the offset, and below it a caret. */
  snippetOf(offset: number): string;
}

/** A place in a file. */
export interface Located {
  readonly file: SourceFile;
  readonly offset: number;
}

/** Prepares a text for being pointed into. */
export function sourceFile(name: string, text: string): SourceFile {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), (match) => match.index + 1)];
  const lineOf = (offset: number) => {
    let line = starts.length - 1;
    while (line > 0 && (starts[line] ?? 0) > offset) line--;
    return { line, start: starts[line] ?? 0 };
  };
  return {
    name,
    text,
    placeOf: (offset) => {
      const { line, start } = lineOf(offset);
      return { file: name, line: line + 1, column: offset - start + 1 };
    },
    snippetOf: (offset) => {
      const { start } = lineOf(offset);
      return snippet(text.slice(start).split('\n', 1)[0] ?? '', offset - start);
    },
  };
}

const MAX_SNIPPET = 160;

/** Long lines are cut around the caret. */
function snippet(line: string, column: number): string {
  const from = column > MAX_SNIPPET ? column - MAX_SNIPPET / 2 : 0;
  const shown = line.slice(from, from + MAX_SNIPPET);
  return `${shown}\n${' '.repeat(Math.min(column - from, shown.length))}^`;
}
