import { plainAddress } from '../addresses.ts';

/** Is told the address that the system chose for the client, as soon as there is one. */
export type OnSource = (address: string) => void;

/**
 * Tells the own end of a connection that is being opened. Also when it never comes about: the address is chosen before the
 * first packet leaves.
 */
export function tellSource(socket: { readonly localAddress?: string | undefined }, onSource?: OnSource): void {
  if (onSource === undefined) return;
  // The system begins to connect in the next turn of this queue, and has an address from then on.
  process.nextTick(() => {
    const { localAddress } = socket;
    if (localAddress !== undefined) onSource(plainAddress(localAddress));
  });
}
