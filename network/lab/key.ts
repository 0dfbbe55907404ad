import { randomBytes } from 'node:crypto';
import type { RunKey } from '../agent/protocol.ts';

/** A key for one run, known to nobody yet. */
export function newRunKey(): RunKey {
  return { id: randomBytes(8).toString('hex'), secret: randomBytes(32).toString('hex') };
}
