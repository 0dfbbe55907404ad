import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseJson, type JsonValue } from '../../detector/event/json.ts';
import type { RulesFile } from '../../detector/ruleset/index.ts';
import { falcoFactsFolder } from '../support/falco-facts.ts';

/** The folder with facts about Falco, which is no part of the project; undefined where it is not there. */
export function materialFolder(): string | undefined {
  const folder = falcoFactsFolder();
  return existsSync(join(folder, 'conformance')) ? folder : undefined;
}

/** What suites read of the folder. */
export interface Material {
  json<T>(path: string): T;
  /** The lines of a file of JSON lines, gzipped or plain; integers beyond the safe ones are bigints. */
  lines(path: string): readonly JsonValue[];
  text(path: string): string;
  /** Names in a folder that end in `suffix`, without it. */
  names(folder: string, suffix: string): readonly string[];
  rules(...paths: readonly string[]): readonly RulesFile[];
}

export function material(folder: string): Material {
  const read = (path: string) => readFileSync(join(folder, path));
  const text = (path: string) => (path.endsWith('.gz') ? gunzipSync(read(path)) : read(path)).toString('utf8');
  return {
    json: <T>(path: string) => parseJson(text(path)) as T,
    lines: (path) =>
      text(path)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parseJson),
    text,
    names: (path, suffix) =>
      readdirSync(join(folder, path))
        .filter((name) => name.endsWith(suffix))
        .map((name) => name.slice(0, -suffix.length))
        .sort(),
    rules: (...paths) => paths.map((path) => ({ name: path, content: text(path) })),
  };
}
