import { KubedrillError, type NodeHandle } from '../../core/index.ts';
import { refTo } from '../cluster/objects.ts';
import { OWN_NAMESPACES } from '../cluster/own-namespaces.ts';
import { deletePods, podsWith } from '../cluster/pods.ts';
import type { PlayContext } from '../define.ts';
import type { RunEnvironment } from '../ports.ts';

/** A way to deceive what grades stand on, as a learner with all rights could. */
export interface Tamper {
  readonly name: string;
  readonly says: string;
  run(context: PlayContext<unknown>): Promise<void>;
}

const [PROBES, SYSTEM] = OWN_NAMESPACES;
const POD_PROBES = refTo('apps/v1', 'DaemonSet', 'pod-b', PROBES);
const POD_PROBE_LABELS = { 'kubedrill.dev/prober': 'pod-b' };
const PROBE_SERVICE = refTo('v1', 'Service', 'all', PROBES);
const DETECTOR_LABELS = { 'app.kubernetes.io/name': 'detector' };
const RULES = refTo('v1', 'ConfigMap', 'detector-rules', SYSTEM);

export const TAMPERS: readonly Tamper[] = [
  {
    name: 'probe-pods-deleted',
    says: 'pods of the probes are deleted, and come back',
    run: async ({ env: { session } }) =>
      deletePods(session.kube, await podsWith(session.kube, PROBES, POD_PROBE_LABELS)),
  },
  {
    name: 'probe-image',
    says: 'the probes run another image',
    run: ({ env }) => changeProbes(env, { containers: [{ name: 'pod-b', image: 'example.com/always-fine:1' }] }),
  },
  {
    name: 'probes-scaled-to-none',
    says: 'the probes are for a node that there is not',
    run: ({ env }) => changeProbes(env, { nodeSelector: { 'kubedrill.dev/nowhere': 'yes' } }),
  },
  {
    name: 'probe-answers',
    says: 'the probes run another program',
    run: ({ env }) => changeProbes(env, { containers: [{ name: 'pod-b', command: ['/bin/sh', '-c', 'sleep 3600'] }] }),
  },
  {
    name: 'probe-service',
    says: 'a Service of the probes leads elsewhere',
    run: async ({ env: { session } }) => {
      await session.kube.patch(PROBE_SERVICE, 'merge', { spec: { selector: POD_PROBE_LABELS } });
    },
  },
  {
    name: 'detector-stopped',
    says: 'the detector’s pods are deleted',
    run: async ({ env: { session } }) =>
      deletePods(session.kube, await podsWith(session.kube, SYSTEM, DETECTOR_LABELS)),
  },
  {
    name: 'rules-emptied',
    says: 'the detector is given no rules',
    run: async ({ env: { session } }) => {
      await session.kube.patch(RULES, 'json', [{ op: 'replace', path: '/data', value: { 'none.yaml': '[]' } }]);
    },
  },
  {
    name: 'sensor-killed',
    says: 'the sensor’s process is killed on a node',
    run: async ({ env }) => {
      await worker(env).exec(['pkill', '-KILL', '-x', 'kubedrill-senso']);
    },
  },
  {
    name: 'in-disguise',
    says: 'the probes are changed in the name of a part of the cluster',
    run: async ({ env }) => {
      const who = ['--as=system:kube-controller-manager', '--as-group=system:masters'];
      const patch = JSON.stringify({ spec: { template: { metadata: { annotations: { changed: 'yes' } } } } });
      const what = ['patch', 'daemonset', POD_PROBES.name, `--namespace=${PROBES}`, `--patch=${patch}`];
      await controlPlane(env).exec(['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...who, ...what]);
    },
  },
];

async function changeProbes({ session }: RunEnvironment, podSpec: object): Promise<void> {
  await session.kube.patch(POD_PROBES, 'strategic', { spec: { template: { spec: podSpec } } });
}

function worker({ session }: RunEnvironment): NodeHandle {
  return nodeWithRole(session, 'worker') ?? nodeWithRole(session, 'control-plane') ?? noNode();
}

function controlPlane({ session }: RunEnvironment): NodeHandle {
  return nodeWithRole(session, 'control-plane') ?? noNode();
}

function nodeWithRole({ nodes }: RunEnvironment['session'], wanted: NodeHandle['role']): NodeHandle | undefined {
  return nodes.find(({ role }) => role === wanted);
}

function noNode(): never {
  throw new KubedrillError({ what: 'the lab has no node', why: 'none of the role', hint: 'kubedrill status' });
}
