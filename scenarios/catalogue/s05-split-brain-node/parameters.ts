/** What a seed decides. */
export interface SplitParameters {
  /** The worker that is cut off. */
  readonly victim: string;
  /** The other worker, on which the order book lies. */
  readonly other: string;
}
