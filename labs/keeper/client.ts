import type { Session } from '../session.ts';

/** An interactive session that the keeper opens through the API server and holds after this process has ended. */
export interface HoldShellRequest {
  /** Chosen by the caller; unique in the lab. */
  readonly id: string;
  /** The identity that the session uses: a kubeconfig document as text, with `https://<node>:6443` as its server. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  /** Ignored by `attach`. */
  readonly command: readonly string[];
  readonly mode: 'exec' | 'attach';
  readonly terminal: 'tty' | 'none';
}

export interface HeldShell {
  readonly id: string;
  readonly kind: 'shell' | 'listener';
  readonly state: 'connecting' | 'open' | 'closed';
  /** Why it is closed, in the words of who closed it. */
  readonly why?: string;
  /** The last 64 KiB of what came out of it. */
  readonly output: string;
}

/** Opens an intruder's session in a pod and leaves it with the keeper; answers when it is open. Fails when it cannot be opened. */
export function holdShell(_session: Session, _request: HoldShellRequest): Promise<HeldShell> {
  return Promise.reject(new Error('not written yet'));
}

/** Makes the keeper listen for a reverse shell on `port`; state `open` once somebody has connected. */
export function holdListener(
  _session: Session,
  _request: { readonly id: string; readonly port: number },
): Promise<HeldShell> {
  return Promise.reject(new Error('not written yet'));
}

/** Every session that the keeper holds or held. */
export function shells(_session: Session): Promise<readonly HeldShell[]> {
  return Promise.reject(new Error('not written yet'));
}

/** The session as it is now; fails when the keeper knows none of that id. */
export function readShell(_session: Session, _id: string): Promise<HeldShell> {
  return Promise.reject(new Error('not written yet'));
}

/** Types text (with its own line ends) into a held session. */
export function typeInto(_session: Session, _id: string, _text: string): Promise<void> {
  return Promise.reject(new Error('not written yet'));
}

/** Ends a held session and forgets it; fine when there is none. */
export function endShell(_session: Session, _id: string): Promise<void> {
  return Promise.reject(new Error('not written yet'));
}
