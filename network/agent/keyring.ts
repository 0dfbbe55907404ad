import { signatureOf, type IdentityAnswer, type RunKey } from './protocol.ts';

/** A lab has one meter and a few matrices at a time; more keys than that only come from somebody who plays with them. */
const MAX_KEYS = 16;

/** The keys that were handed over the Channel. In memory only; they leave it as signatures, never as such. */
export interface Keyring {
  add(key: RunKey): void;
  secretOf(id: string): string | undefined;
  /** Signs with the key of that id, or gives the answer back as it is when there is none. */
  sign(answer: IdentityAnswer, keyId: string | undefined): IdentityAnswer;
}

/** Keeps the keys that were used last. */
export function keyring(): Keyring {
  const secrets = new Map<string, string>();
  const secretOf = (id: string): string | undefined => {
    const secret = secrets.get(id);
    if (secret === undefined) return undefined;
    secrets.delete(id);
    secrets.set(id, secret);
    return secret;
  };
  return {
    secretOf,
    add: ({ id, secret }) => {
      secrets.delete(id);
      secrets.set(id, secret);
      for (const oldest of secrets.keys()) {
        if (secrets.size <= MAX_KEYS) return;
        secrets.delete(oldest);
      }
    },
    sign: (answer, keyId) => {
      const secret = keyId === undefined ? undefined : secretOf(keyId);
      return secret === undefined ? answer : { ...answer, signature: signatureOf(secret, answer) };
    },
  };
}
