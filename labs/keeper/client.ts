import { KubedrillError } from '../../core/index.ts';
import type { Session } from '../session.ts';
import { KEEPER_SOCKET, type HeldShell, type HoldListenerRequest, type HoldShellRequest } from './protocol.ts';

type Keeper = Pick<Session, 'keeper' | 'channel'>;

/** The keeper itself waits 15 s for a session to open. */
const HOLD_TIMEOUT_MS = 20_000;

/** Opens an intruder's session in a pod and leaves it with the keeper; answers when it is open. Fails when it cannot be opened. */
export async function holdShell(session: Keeper, request: HoldShellRequest): Promise<HeldShell> {
  const held = await ask<HeldShell>(session, 'POST', '/shells', request);
  if (held.state === 'open') return held;
  await endShell(session, request.id);
  throw new KubedrillError({
    what: `no session in ${request.namespace}/${request.pod}`,
    why: held.why ?? 'the API server did not answer the request for a stream',
    hint: 'kubedrill status',
  });
}

/** Makes the keeper listen for a reverse shell on `port`; state `open` once somebody has connected. */
export function holdListener(session: Keeper, request: HoldListenerRequest): Promise<HeldShell> {
  return ask(session, 'POST', '/listeners', request);
}

/** Every session that the keeper holds or held. */
export function shells(session: Keeper): Promise<readonly HeldShell[]> {
  return ask(session, 'GET', '/shells');
}

/** The session as it is now; fails when the keeper knows none of that id. */
export function readShell(session: Keeper, id: string): Promise<HeldShell> {
  return ask(session, 'GET', `/shells/${encodeURIComponent(id)}`);
}

/** Types text (with its own line ends) into a held session; fails when it is not open. */
export async function typeInto(session: Keeper, id: string, text: string): Promise<void> {
  await ask(session, 'POST', `/shells/${encodeURIComponent(id)}/input`, { text });
}

/** Ends a held session and forgets it; fine when there is none. */
export async function endShell(session: Keeper, id: string): Promise<void> {
  await ask(session, 'DELETE', `/shells/${encodeURIComponent(id)}`);
}

function ask<T>(
  { channel, keeper }: Keeper,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  return channel.request<T>({
    node: keeper,
    socket: KEEPER_SOCKET,
    method,
    path,
    timeoutMs: HOLD_TIMEOUT_MS,
    ...(body === undefined ? {} : { body }),
  });
}
