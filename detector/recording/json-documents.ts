import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { messageOf, usageError } from '../../core/index.ts';
import { parseJson, type JsonValue } from '../event/json.ts';

/** The JSON values of a file: one a line, or one over many lines. Fails with KubedrillError, naming `path` and the line. */
export async function* jsonDocuments(bytes: AsyncIterable<Buffer>, path: string): AsyncGenerator<JsonValue> {
  let pending = '';
  let lineNumber = 0;
  let firstLine = 1;
  for await (const line of createInterface({ input: Readable.from(bytes), crlfDelay: Infinity })) {
    lineNumber++;
    if (pending === '') firstLine = lineNumber;
    if (line.trim() === '' && pending === '') continue;
    pending += pending === '' ? line : `\n${line}`;
    const parsed = tryParse(pending);
    if (parsed === undefined) continue;
    yield parsed.json;
    pending = '';
  }
  if (pending.trim() !== '') throw badEvents(path, firstLine, problemOf(pending));
}

/** A line that is no JSON by itself may be the beginning of a document over several lines, if it opens one. */
function tryParse(text: string): { readonly json: JsonValue } | undefined {
  if (!/[}\]]\s*$/.test(text)) return undefined;
  try {
    return { json: parseJson(text) };
  } catch {
    return undefined;
  }
}

function problemOf(text: string): string {
  try {
    parseJson(text);
    return 'it is no JSON object';
  } catch (error) {
    return messageOf(error);
  }
}

function badEvents(path: string, line: number, why: string): Error {
  return usageError({
    what: `${path}:${String(line)} is no event`,
    why,
    hint: 'events files are JSON lines: field maps, or Kubernetes audit events',
  });
}
