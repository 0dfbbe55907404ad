import type { Command } from '../core/index.ts';
import type { Session } from './session.ts';

/** A program for Runner.run with `stdio: 'inherit'`. */
export interface ShellCommand {
  readonly command: Command;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What `kubedrill shell [NODE]` runs: with a node an interactive shell on it, without one the user's own shell with KUBECONFIG set and
 * kubectl on PATH. Fails with exit code 2 and the nearest names for an unknown node.
 */
export function shellCommand(_session: Session, _node?: string): Promise<ShellCommand> {
  return Promise.reject(new Error('not written yet'));
}
