// What the keeper and its client say to each other; shared by the program in the container and the room outside.

/** The keeper's socket below SOCKET_FOLDER. */
export const KEEPER_SOCKET = 'keeper.sock';

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

export interface HoldListenerRequest {
  readonly id: string;
  readonly port: number;
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
