/** What a seed decides. */
export interface RouteParameters {
  /** Two machines that lose each other's pods. */
  readonly pair: readonly [string, string];
  /** Those of the pair on which something is wrong: packets and their answers need both directions, so one is enough. */
  readonly broken: readonly string[];
  /** What is dropped, where something drops; everything else does not look at protocols. */
  readonly protocol: 'tcp' | 'udp' | 'all';
}

/** The other one of the pair. */
export function peerOf({ pair: [one, other] }: RouteParameters, node: string): string {
  return node === one ? other : one;
}
