/** What a seed decides. */
export interface StaleParameters {
  /** The machine whose rules stay behind. */
  readonly victim: string;
  /** How many of the four pods of `web` are replaced. */
  readonly rolled: number;
}
