import type { NodeHandle } from './node-handle.ts';

/** Folder on every node (hostPath) and in the keeper in which agents and engines put their Unix sockets. */
export const SOCKET_FOLDER = '/run/kubedrill';

export interface ChannelRequest {
  readonly node: NodeHandle;
  /** File name of the socket below SOCKET_FOLDER, e.g. `probe-a.sock`. */
  readonly socket: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, e.g. `/samples?since=12`. */
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/**
 * HTTP with JSON bodies over a Unix socket on a node, carried by NodeHandle.exec (curl --unix-socket in the node).
 * Fails with KubedrillError when nobody listens or the answer is not 2xx.
 */
export interface Channel {
  request<T>(request: ChannelRequest): Promise<T>;
}
