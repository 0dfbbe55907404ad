/** What a seed decides. */
export interface CrashParameters {
  /** Nodes whose kube-proxy is restarted into the fault. */
  readonly nodes: readonly string[];
  /** From the crash to the change of the endpoints; nothing fails before. */
  readonly churnAfterMs: number;
}
