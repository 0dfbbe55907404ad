import type { IncomingMessage } from 'node:http';

export type Body =
  { readonly kind: 'whole'; readonly text: string } | { readonly kind: 'tooLong' | 'noRoom' | 'brokenOff' };

/** How many bytes of bodies may be held at one time, over all requests. */
export class BodyBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

export interface BodyLimits {
  readonly maxBytes: number;
  readonly budget: BodyBudget;
}

/** A refused body is read on, without being kept, as a client that is still sending would not see the answer; up to this many times the limit. */
const DISCARD_FACTOR = 4;

/** Reads a request's body, and never keeps more of it than the limits allow. Never fails. */
export async function readBody(request: IncomingMessage, { maxBytes, budget }: BodyLimits): Promise<Body> {
  const chunks: Buffer[] = [];
  let length = 0;
  let held = 0;
  let refused: 'tooLong' | 'noRoom' | undefined;
  const refuse = (why: 'tooLong' | 'noRoom'): void => {
    refused = why;
    chunks.length = 0;
    budget.giveBack(held);
    held = 0;
  };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) refuse('tooLong');
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > DISCARD_FACTOR * maxBytes) break;
      if (refused !== undefined) continue;
      if (length > maxBytes) refuse('tooLong');
      else if (!budget.take(chunk.length)) refuse('noRoom');
      else {
        held += chunk.length;
        chunks.push(chunk);
      }
    }
    return refused === undefined ? { kind: 'whole', text: Buffer.concat(chunks).toString('utf8') } : { kind: refused };
  } catch {
    return { kind: 'brokenOff' };
  } finally {
    budget.giveBack(held);
  }
}
