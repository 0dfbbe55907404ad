import {
  DNS_BINDING,
  DNS_CONFIG,
  DNS_DEPLOYMENT,
  DNS_LABELS,
  DNS_SERVICE,
  dnsReplicas,
} from '../../cluster/coredns.ts';
import { nobodysAddress } from '../../cluster/nodes.ts';
import type { ConfigMap } from '../../cluster/objects.ts';
import { deletePods } from '../../cluster/pods.ts';
import type { Finding, RunContext, StepContext } from '../../define.ts';
import { changeObject, mustGet, removeObject } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import type { VariantSummary } from '../../types.ts';
import type { CorefileParameters, Restart } from './parameters.ts';
import { CLUSTER_NAMES, OUTSIDE_NAMES } from './paths.ts';

interface Cause {
  readonly id: string;
  readonly title: string;
  /** Whether it is a write on the ConfigMap, which the detector reports. */
  readonly changesConfigMap: boolean;
  /** Which replicas may be restarted into it. */
  readonly restarts: readonly Restart[];
  /** Meter paths that fail once all replicas live with it. */
  readonly fails: readonly string[];
  step(context: RunContext<CorefileParameters>): RunStep;
}

const ALL = [CLUSTER_NAMES, OUTSIDE_NAMES];

/** What can go wrong with the cluster's DNS; what each does was measured on a lab. */
export const causes: readonly Cause[] = [
  {
    id: 'directive',
    title: 'a directive that does not exist',
    changesConfigMap: true,
    restarts: ['one', 'all'],
    fails: ALL,
    step: () => editCorefile('misspell a directive', 'kubernetes cluster.local', 'kuberntes cluster.local'),
  },
  {
    id: 'zone',
    title: 'a zone that is not the cluster’s',
    changesConfigMap: true,
    restarts: ['all'],
    fails: [CLUSTER_NAMES],
    step: () => editCorefile('misspell the zone', 'kubernetes cluster.local', 'kubernetes cluster.locl'),
  },
  {
    id: 'loop',
    title: 'names sent in a circle',
    changesConfigMap: true,
    restarts: ['all'],
    fails: ALL,
    step: () => editCorefile('forward to CoreDNS itself', 'forward . /etc/resolv.conf', 'forward . 127.0.0.1'),
  },
  {
    id: 'upstream',
    title: 'an upstream that is not there',
    changesConfigMap: true,
    restarts: ['all'],
    fails: [OUTSIDE_NAMES],
    step: ({ env }) =>
      editCorefile(
        'forward to a dead address',
        'forward . /etc/resolv.conf',
        `forward . ${nobodysAddress(env.session)}`,
      ),
  },
  {
    id: 'selector',
    title: 'a Service that selects nobody',
    changesConfigMap: false,
    restarts: ['none'],
    fails: ALL,
    step: () =>
      changeObject('select pods that there are not', DNS_SERVICE, {
        kind: 'merge',
        patch: { spec: { selector: { ...DNS_LABELS, 'k8s-app': 'coredns' } } },
      }),
  },
  {
    id: 'binding',
    title: 'the binding to its role removed',
    changesConfigMap: false,
    restarts: ['all'],
    fails: ALL,
    step: () => removeObject('delete CoreDNS’s ClusterRoleBinding', DNS_BINDING),
  },
  {
    id: 'memory',
    title: 'less memory than it takes to start',
    changesConfigMap: false,
    restarts: ['none'],
    fails: [],
    step: () => ({
      ...changeObject('cut the memory', DNS_DEPLOYMENT, {
        kind: 'json',
        patch: ['limits', 'requests'].map((bound) => ({
          op: 'replace',
          path: `/spec/template/spec/containers/0/resources/${bound}/memory`,
          value: '8Mi',
        })),
      }),
      inEffect: aReplicaDied,
    }),
  },
];

export const variants: readonly VariantSummary[] = causes.map(({ id, title }) => ({ id, title }));

export function causeOf(variant: string): Cause {
  const cause = causes.find(({ id }) => id === variant);
  if (cause === undefined) throw new RangeError(`no cause ${variant}`);
  return cause;
}

/** The cause, and then the restart that lets it act. */
export function breaks(context: RunContext<CorefileParameters>): readonly RunStep[] {
  const { variant, parameters } = context;
  const cause = withRestartOnUndo(causeOf(variant).step(context));
  return [cause, ...(parameters.restart === 'none' ? [] : [restart(parameters.restart)])];
}

/** With one of two replicas on the old configuration everything is answered still. */
export function symptom({ variant, parameters }: RunContext<CorefileParameters>): readonly string[] {
  return parameters.restart === 'one' ? [] : causeOf(variant).fails;
}

function withRestartOnUndo(step: RunStep): RunStep {
  return {
    ...step,
    undo: async (context) => [...(await step.undo(context)), { action: 'coredns.restart', args: {} }],
  };
}

function editCorefile(title: string, from: string, to: string): RunStep {
  const { undo } = changeObject(title, DNS_CONFIG, { kind: 'merge', patch: {} });
  return {
    title,
    undo,
    run: async ({ env }) => {
      const { data = {} } = await mustGet<ConfigMap>(env, DNS_CONFIG);
      const Corefile = (data['Corefile'] ?? '').replace(from, to);
      await env.session.kube.patch(DNS_CONFIG, 'merge', { data: { Corefile } });
    },
  };
}

/** In memory too small to start, or with a configuration that cannot be read: started again and again. */
async function aReplicaDied({ env }: StepContext<unknown>): Promise<Finding> {
  const replicas = await dnsReplicas(env);
  const died = replicas.filter(({ status }) => status?.containerStatuses?.some(({ restartCount }) => restartCount > 0));
  return { ok: died.length > 0, observed: `${String(died.length)} of ${String(replicas.length)} replicas died` };
}

/** Of replicas that serve on without what they need, the paths of the meter tell. */
function restart(which: 'one' | 'all'): RunStep {
  return {
    title: `restart ${which} of CoreDNS’s replicas`,
    undo: async () => [],
    run: async ({ env }) => {
      const replicas = await dnsReplicas(env);
      await deletePods(env.session.kube, which === 'all' ? replicas : replicas.slice(0, 1));
    },
    ...(which === 'all' ? {} : { inEffect: aReplicaDied }),
  };
}
