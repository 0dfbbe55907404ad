import type { LabDeps } from './session.ts';

/**
 * Runs `work` while no other kubedrill process may change the lab. Fails at once, naming the other process and what it does, when one
 * holds the lock; a lock whose process is dead is taken over.
 */
export function withLabLock<T>(_deps: LabDeps, _lab: string, _purpose: string, _work: () => Promise<T>): Promise<T> {
  return Promise.reject(new Error('not written yet'));
}
