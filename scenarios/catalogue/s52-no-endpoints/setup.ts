import { waitForPods } from '../../cluster/pods.ts';
import { isReady } from '../../cluster/objects.ts';
import type { RunContext } from '../../define.ts';
import { createObject } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import { cartDeployment, cartService, LABELS, NAMESPACE, REPLICAS } from './parts.ts';

export function setup({ env }: RunContext<object>): readonly RunStep[] {
  return [
    createObject('create the Service cart', cartService()),
    createObject('create the Deployment cart', cartDeployment(env)),
    waitForCart(),
  ];
}

function waitForCart(): RunStep {
  return {
    title: 'wait for the pods of cart',
    undo: async () => [],
    run: async ({ env }) => {
      await waitForPods(env.session, {
        namespace: NAMESPACE,
        labels: LABELS,
        what: 'the pods of cart',
        timeoutMs: 60_000,
        accept: (pods) => pods.filter(isReady).length === REPLICAS,
      });
    },
  };
}
