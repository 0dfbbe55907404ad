import type { ObjectRef } from '../../core/index.ts';
import type { ConfigMap } from '../cluster/objects.ts';
import type { RunEnvironment } from '../ports.ts';
import { changeObject, mustGet } from './objects.ts';
import type { RunStep } from './step.ts';

/** One text of a ConfigMap, and what becomes of it. */
export interface TextEdit {
  readonly key: string;
  readonly edit: (text: string) => string;
}

/** Rewrites one text of a ConfigMap that is there; taken back by putting the ConfigMap back as it is now. */
export function editConfigMap(title: string, ref: ObjectRef, { key, edit }: TextEdit): RunStep {
  const { undo } = changeObject(title, ref, { kind: 'merge', patch: {} });
  return { title, undo, run: ({ env }) => rewriteConfigMap(env, ref, { key, edit }) };
}

/** As a person with an editor would. */
export async function rewriteConfigMap(env: RunEnvironment, ref: ObjectRef, { key, edit }: TextEdit): Promise<void> {
  const { data = {} } = await mustGet<ConfigMap>(env, ref);
  await env.session.kube.patch(ref, 'merge', { data: { [key]: edit(data[key] ?? '') } });
}
