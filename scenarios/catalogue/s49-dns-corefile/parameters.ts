/** How many of CoreDNS's replicas are started anew after the change. */
export type Restart = 'none' | 'one' | 'all';

/** What a seed decides. */
export interface CorefileParameters {
  readonly restart: Restart;
}
