import { LineCounter, parseDocument, type Document } from 'yaml';
import { offsetOfKey, offsetOfValue, type Path } from '../ruletest/yaml-path.ts';
import type { Place, RulesFile } from '../ruleset/types.ts';

/** One thing that is wrong with a configuration. */
export interface ConfigProblem extends Place {
  /** Names the key and says what is wrong with it. */
  readonly message: string;
}

/** A YAML text whose values can be found again in it. */
export interface YamlText {
  /** Undefined of an empty text. */
  readonly value: unknown;
  problemAt(path: Path, message: string): ConfigProblem;
  /** Placed at the last key of the path, not at its value. */
  problemAtKey(path: Path, message: string): ConfigProblem;
}

/** Parses YAML; all its mistakes come back at once. */
export function readYaml({
  name,
  content,
}: RulesFile):
  ({ readonly ok: true } & YamlText) | { readonly ok: false; readonly problems: readonly ConfigProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(content, { merge: true, lineCounter: lines, prettyErrors: false });
  const problem = (offset: number, message: string): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    return { file: name, line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  if (document.errors.length > 0) {
    return { ok: false, problems: document.errors.map(({ pos, message }) => problem(pos[0], message)) };
  }
  const value = valueOf(document);
  if (value instanceof Error) return { ok: false, problems: [problem(0, value.message)] };
  return {
    ok: true,
    value: value ?? undefined,
    problemAt: (path, message) => problem(offsetOfValue(document, path), named(path, message)),
    problemAtKey: (path, message) => problem(offsetOfKey(document, path), named(path, message)),
  };
}

/** The line that people read: place, key, and what is wrong. */
export function problemLine({ file, line, column, message }: ConfigProblem): string {
  return `${file}:${String(line)}:${String(column)}: ${message}`;
}

/** An alias that stands for nothing, or for far too much, is found only now. */
function valueOf(document: Document): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function named(path: Path, message: string): string {
  const key = path.map((step, n) => (typeof step === 'number' ? `[${String(step)}]` : n === 0 ? step : `.${step}`));
  return path.length === 0 ? message : `${key.join('')}: ${message}`;
}
