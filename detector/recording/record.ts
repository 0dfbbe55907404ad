import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { KubedrillError, messageOf, usageError } from '../../core/index.ts';
import { MAGIC } from './binary/layout.ts';
import { RecordingWriter } from './binary/writer.ts';
import { readFieldMaps } from './events-file.ts';

export interface RecordOptions {
  /** Events as JSON lines, plain or gzipped, `-` for the standard input. */
  readonly events: readonly string[];
  /** The binary recording, gzipped when its name ends in .gz. */
  readonly out: string;
  readonly stdin?: Readable;
}

/** Writes events into one binary recording and says how many there were. Fails with KubedrillError. */
export async function record({ events, out, stdin = process.stdin }: RecordOptions): Promise<number> {
  let count = 0;
  async function* frames(): AsyncGenerator<Buffer> {
    const writer = new RecordingWriter();
    yield MAGIC;
    for await (const fields of readFieldMaps(events, stdin)) {
      const frame = writer.add(fields, ++count);
      if (frame !== undefined) yield frame;
    }
    const last = writer.flush();
    if (last !== undefined) yield last;
  }
  try {
    const file = createWriteStream(out);
    const source = Readable.from(frames());
    await (out.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
  } catch (error) {
    if (error instanceof KubedrillError) throw error;
    throw usageError({
      what: `cannot write ${out}`,
      why: messageOf(error),
      hint: 'name a file in a folder that is there',
    });
  }
  return count;
}
