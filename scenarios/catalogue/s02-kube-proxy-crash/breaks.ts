import { kubeProxyHealth, kubeProxyPods } from '../../cluster/kube-proxy.ts';
import { refTo } from '../../cluster/objects.ts';
import { deletePods } from '../../cluster/pods.ts';
import type { RunContext } from '../../define.ts';
import { createObject } from '../../faults/objects.ts';
import { rollPods } from '../../faults/roll-pods.ts';
import type { RunStep } from '../../faults/step.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { causeOf } from './causes.ts';
import type { CrashParameters } from './parameters.ts';

/** The cause, then the restart that lets it act, and then what the rules no longer follow. */
export function breaks({ variant, parameters }: RunContext<CrashParameters>): readonly RunStep[] {
  return [
    withRestartOnUndo(causeOf(variant).step),
    crash(parameters.nodes),
    pause(parameters.churnAfterMs),
    rollPods('roll the shop’s web pods', refTo('apps/v1', 'Deployment', 'web', 'shop')),
    createObject('create the Service late', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'late', namespace: 'shop', labels: { app: 'web' } },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    }),
  ];
}

/** Steps are taken back last first, so the first one's undo finds everything else in place: then kube-proxy can come back. */
function withRestartOnUndo(step: RunStep): RunStep {
  return {
    ...step,
    undo: async (context) => [...(await step.undo(context)), { action: 'kube-proxy.restart', args: {} }],
  };
}

function crash(nodes: readonly string[]): RunStep {
  return {
    title: `restart kube-proxy on ${nodes.join(', ')}`,
    undo: async () => [],
    run: async ({ env }) => {
      const pods = (await kubeProxyPods(env)).filter((pod) => nodes.includes(pod.spec.nodeName ?? ''));
      await deletePods(env.session.kube, pods);
    },
    inEffect: async ({ env }) => {
      const healths = await Promise.all(nodes.map((node) => kubeProxyHealth(nodeOf(env.session, node))));
      const healthy = healths.filter(({ ok }) => ok);
      return { ok: healthy.length === 0, observed: healthy.map(({ observed }) => observed).join(', ') };
    },
  };
}

function pause(ms: number): RunStep {
  return {
    title: 'wait',
    undo: async () => [],
    run: async ({ env }) => {
      await env.session.clock.sleep(ms);
    },
  };
}
