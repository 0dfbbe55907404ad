import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** What a client of the webhook has to show: a bearer token, or a certificate of an authority (PEM). */
export type ClientProof =
  { readonly kind: 'token'; readonly token: string } | { readonly kind: 'certificate'; readonly authority: string };

/** Tells whether a request comes from a client that has what was asked for. */
export function proofCheck(proof: ClientProof): (request: IncomingMessage) => boolean {
  if (proof.kind === 'certificate') return ({ socket }) => socket instanceof TLSSocket && socket.authorized;
  if (proof.token === '') throw new Error('the token of the audit webhook is empty');
  const wanted = digest(`Bearer ${proof.token}`);
  // Digests have one length, so that the time taken says nothing of the token.
  return ({ headers }) => timingSafeEqual(digest(headers.authorization ?? ''), wanted);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
