/** What a seed decides. */
export interface NatParameters {
  /** Where the ledger runs. */
  readonly home: string;
  /** Another machine: the one on which the cause sits, where it sits on one. */
  readonly victim: string;
}
