import type { ObjectRef } from '../../core/index.ts';
import { mustGet } from '../faults/objects.ts';
import type { RunEnvironment } from '../ports.ts';
import { selectorText, type Workload } from './objects.ts';

/** What `kubectl rollout undo` does for a Deployment: takes the template of the ReplicaSet before the newest. */
export async function rollBack(env: RunEnvironment, ref: ObjectRef): Promise<void> {
  const deployment = await mustGet<Workload>(env, ref);
  const sets = await env.session.kube.list<Workload>('apps/v1', 'ReplicaSet', {
    namespace: ref.namespace ?? 'default',
    labelSelector: selectorText(deployment.spec.selector.matchLabels ?? {}),
  });
  const [, former = deployment] = [...sets].sort((a, b) => revisionOf(b) - revisionOf(a));
  const { template } = former.spec;
  await env.session.kube.patch(ref, 'json', [{ op: 'replace', path: '/spec/template', value: template }]);
}

function revisionOf({ metadata }: Workload): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}
