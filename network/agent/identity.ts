import type { Keyring } from './keyring.ts';
import { KEY_HEADER, NONCE_HEADER, type IdentityAnswer, type Question } from './protocol.ts';

/** Longest question that is read; a flood of bytes must not become a flood of memory. */
export const MAX_QUESTION_BYTES = 1_024;

/** Who an agent says it is. */
export interface Identity {
  readonly identity: string;
  readonly node?: string;
  readonly own: () => readonly string[];
  readonly keys: Keyring;
}

/** The answer to one question from one client, signed when the key is known. */
export function answerTo(who: Identity, question: Question, observed: string): IdentityAnswer {
  return who.keys.sign(
    {
      identity: who.identity,
      nonce: question.nonce,
      observed,
      own: who.own(),
      ...(who.node === undefined ? {} : { node: who.node }),
    },
    question.keyId,
  );
}

/** A question out of a JSON text; undefined for anything else. */
export function questionIn(text: string): Question | undefined {
  try {
    const { nonce, keyId } = JSON.parse(text) as Record<string, unknown>;
    if (typeof nonce !== 'string') return undefined;
    return { nonce, ...(typeof keyId === 'string' ? { keyId } : {}) };
  } catch {
    return undefined;
  }
}

/** A question out of HTTP headers; a person with curl asks without a nonce and is answered too. */
export function questionInHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Question {
  const nonce = headers[NONCE_HEADER];
  const keyId = headers[KEY_HEADER];
  return { nonce: typeof nonce === 'string' ? nonce : '', ...(typeof keyId === 'string' ? { keyId } : {}) };
}

/** An answer out of a JSON text; undefined for anything that does not have an answer's form. */
export function answerIn(text: string): IdentityAnswer | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof IdentityAnswer, unknown>> | null;
    return isAnswer(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAnswer(value: Partial<Record<keyof IdentityAnswer, unknown>> | null): value is IdentityAnswer {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof value.identity === 'string' &&
    typeof value.nonce === 'string' &&
    typeof value.observed === 'string' &&
    Array.isArray(value.own)
  );
}
