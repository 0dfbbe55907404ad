import type { ConfigMap } from '../cluster/objects.ts';
import { KUBE_PROXY_CONFIG } from '../cluster/kube-proxy.ts';
import type { RunEnvironment } from '../ports.ts';
import { changeObject, mustGet } from './objects.ts';
import type { RunStep } from './step.ts';

/** Changes one file of kube-proxy's ConfigMap; kube-proxy reads it when it starts, and not before. */
export function editProxyConfig(title: string, file: string, edit: (text: string) => string): RunStep {
  const { undo } = changeObject(title, KUBE_PROXY_CONFIG, { kind: 'merge', patch: {} });
  return { title, undo, run: ({ env }) => patchProxyConfig(env, file, edit) };
}

/** The same as an act. */
export async function patchProxyConfig(
  env: RunEnvironment,
  file: string,
  edit: (text: string) => string,
): Promise<void> {
  const { data = {} } = await mustGet<ConfigMap>(env, KUBE_PROXY_CONFIG);
  await env.session.kube.patch(KUBE_PROXY_CONFIG, 'merge', { data: { [file]: edit(data[file] ?? '') } });
}

/** Steps are taken back last first, so the first one's undo finds everything else in place: then kube-proxy (of one node, or all) can come back. */
export function withRestartOnUndo(step: RunStep, node?: string): RunStep {
  return {
    ...step,
    undo: async (context) => [
      ...(await step.undo(context)),
      { action: 'kube-proxy.restart', args: node === undefined ? {} : { node } },
    ],
  };
}
