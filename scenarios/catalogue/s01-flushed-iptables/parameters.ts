/** What a seed decides. */
export interface FlushParameters {
  readonly victim: string;
}
