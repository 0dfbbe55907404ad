import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, usageError } from '../../core/index.ts';

/**
 * The bytes of a file, or of the standard input for `-`; unpacked where they are gzipped, which they say themselves and
 * not the name of the file. Fails with KubedrillError.
 */
export async function* plainBytes(path: string, stdin: Readable): AsyncGenerator<Buffer> {
  try {
    const { head, all } = await peek(buffers(path === '-' ? stdin : createReadStream(path)), GZIP.length);
    yield* head.equals(GZIP) ? gunzipped(all) : all;
  } catch (error) {
    throw usageError({
      what: `cannot read events from ${path}`,
      why: messageOf(error),
      hint: 'give a file of JSON lines or a binary recording (.kdr), plain or gzipped, or - for the standard input',
    });
  }
}

/** What bytes begin with, and all of them, the beginning too. */
export interface Peeked {
  /** So many bytes as were asked for, or all where they are fewer. */
  readonly head: Buffer;
  readonly all: AsyncIterable<Buffer>;
}

/** Looks at the first `count` bytes. */
export async function peek(chunks: AsyncGenerator<Buffer>, count: number): Promise<Peeked> {
  let seen: Buffer = Buffer.alloc(0);
  while (seen.length < count) {
    const next = await chunks.next();
    if (next.done === true) break;
    seen = Buffer.concat([seen, next.value]);
  }
  return { head: seen.subarray(0, count), all: join(seen, chunks) };
}

async function* join(seen: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield seen;
  yield* rest;
}

/** How gzip files begin (RFC 1952, 2.3.1). No JSON and no binary recording does. */
const GZIP = Buffer.from([0x1f, 0x8b]);

function gunzipped(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // What goes wrong reaches the reader as an error of the stream.
  return pipeline(Readable.from(packed), createGunzip(), () => undefined);
}

/** Streams of texts have them as they are. */
async function* buffers(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
}
