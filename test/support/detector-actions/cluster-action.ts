/**
 * Something done to a lab that is no work of a pod: asked of the API server, or done on the control-plane node. It is bounded, does no
 * harm, and `undo` puts back what deleting the stage does not.
 */
export interface ClusterAction {
  /** The rule that it is about. */
  readonly rule: string;
  readonly does: string;
  /** Where its alerts come from: the audit log, the node itself, or the waiting pod. */
  readonly where: 'api' | 'node' | 'pod';
  /** For a shell on the control-plane node, with the administrator's kubeconfig; in the pod for `pod`. */
  readonly run: string;
  readonly undo?: string;
  /** All alerts that come of it, each once; without it, `rule` alone. */
  readonly fires?: readonly Expected[];
}

/** An alert and whom it has to name. */
export interface Expected {
  readonly rule: string;
  /** The API's user; without it the administrator, on the node root. */
  readonly user?: string;
  /** Without it the stage's; of objects that are in none, and on the node itself, `none`. */
  readonly namespace?: string;
  readonly pod?: string;
}

/** The namespace in which it happens. */
export const STAGE = 'detector-stage';
/** A pod in it that waits, the Deployment whose pods find no node, and what was made for others to change. */
export const WAITING_POD = 'waiting';
/** On the control-plane node. */
export const STAGE_FOLDER = '/run/detector-stage';

/** Alerts of the same user and namespace. */
export function alike(rules: readonly string[], of: Omit<Expected, 'rule'> = {}): readonly Expected[] {
  return rules.map((rule) => ({ rule, ...of }));
}
