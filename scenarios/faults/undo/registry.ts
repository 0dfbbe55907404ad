import { KubedrillError } from '../../../core/index.ts';
import type { Undo } from '../../journal/entry.ts';
import type { UndoAction, UndoContext } from './action.ts';
import { restartCoreDnsAction } from './coredns.ts';
import { endHeldShell } from './keeper.ts';
import { restartKubeProxyAction } from './kube-proxy.ts';
import { stopMeter } from './meter.ts';
import { rejoinNode, restoreNode, runOnNode } from './node.ts';
import { deleteObject, restoreObject } from './object.ts';
import { replaceMatchingPods } from './pods.ts';

/** Every way in which a journal may say that something is taken back. The names stay: old journals hold them. */
export const undoActions = {
  'coredns.restart': restartCoreDnsAction,
  'keeper.end-shell': endHeldShell,
  'kube-proxy.restart': restartKubeProxyAction,
  'meter.stop': stopMeter,
  'node.rejoin': rejoinNode,
  'node.restore': restoreNode,
  'node.run': runOnNode,
  'object.delete': deleteObject,
  'object.restore': restoreObject,
  'pods.replace': replaceMatchingPods,
} as const;

/** Takes one thing back. Fails with KubedrillError for an action that this version does not know, or arguments that it cannot read. */
export async function takeBack(context: UndoContext, undo: Undo): Promise<void> {
  const action = (undoActions as Readonly<Record<string, UndoAction<unknown> | undefined>>)[undo.action];
  if (!action) throw unreadable(undo, 'this version of kubedrill does not know it');
  const args = action.args.safeParse(undo.args);
  if (!args.success) throw unreadable(undo, args.error.issues.map((issue) => issue.message).join('; '));
  await action.run(context, args.data);
}

function unreadable(undo: Undo, why: string): KubedrillError {
  return new KubedrillError({
    what: `cannot take back "${undo.action}"`,
    why,
    hint: 'use the version of kubedrill that began the run, or: kubedrill down && kubedrill up',
  });
}
