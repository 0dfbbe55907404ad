import { toJson } from '../../json.ts';
import { podNetworkOf } from '../../cluster/nodes.ts';
import { isReady } from '../../cluster/objects.ts';
import { waitForPods } from '../../cluster/pods.ts';
import type { RunContext } from '../../define.ts';
import { createObject } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import type { RunEnvironment } from '../../ports.ts';
import { DEPLOYMENT, LABELS, ledgerDeployment, ledgerService, NAMESPACE } from './ledger.ts';
import type { NatParameters } from './parameters.ts';

export function setup({ parameters }: RunContext<NatParameters>): readonly RunStep[] {
  return [createObject('create the Service ledger', ledgerService()), createLedger(parameters.home), waitForLedger()];
}

function createLedger(home: string): RunStep {
  return {
    title: 'create the Deployment ledger',
    undo: async () => [{ action: 'object.delete', args: { ref: toJson(DEPLOYMENT) } }],
    run: async ({ env }) => {
      const networks = await podNetworks(env);
      await env.session.kube.create(ledgerDeployment(env, home, networks));
    },
  };
}

/** From which the machines of the lab give addresses to pods. */
export async function podNetworks(env: RunEnvironment): Promise<readonly string[]> {
  return Promise.all(env.session.nodes.map(({ name }) => podNetworkOf(env, name)));
}

function waitForLedger(): RunStep {
  return {
    title: 'wait for the ledger',
    undo: async () => [],
    run: async ({ env }) => {
      await waitForPods(env.session, {
        namespace: NAMESPACE,
        labels: LABELS,
        what: 'the pod of the ledger',
        timeoutMs: 60_000,
        accept: (pods) => pods.length === 1 && pods.every(isReady),
      });
    },
  };
}
