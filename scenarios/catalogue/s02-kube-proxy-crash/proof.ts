import { KubedrillError } from '../../../core/index.ts';
import { KUBE_PROXY_CONFIG, KUBE_PROXY_DAEMONSET, restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { controlPlaneOf } from '../../cluster/nodes.ts';
import { refTo, type Pod, type Service } from '../../cluster/objects.ts';
import { pictured } from '../../cluster/pictured.ts';
import { podsWith } from '../../cluster/pods.ts';
import { defineProof, type PlayContext } from '../../define.ts';
import { rewriteConfigMap } from '../../faults/config-map.ts';
import { mustGet } from '../../faults/objects.ts';
import { putBack } from '../../faults/undo/object.ts';
import { NODE_PROXIER_BINDING, withField } from './causes.ts';
import type { CrashParameters } from './parameters.ts';

type Context = PlayContext<CrashParameters>;

const IN_CONFIG_MAP = ['bad-mode', 'bad-cidr', 'wrong-api-port'];

export default defineProof<CrashParameters>({
  reference: {
    name: 'correct-and-restart',
    says: 'the one wrong thing corrected in place, then kube-proxy’s pods deleted',
    run: async (context) => {
      await correct(context);
      await restartKubeProxy(context.env);
    },
  },
  fixes: [
    {
      name: 'kubeadm-phase',
      says: 'kubeadm lays the add-on down again, then kube-proxy’s pods are deleted',
      run: async (context) => {
        const phase = ['init', 'phase', 'addon', 'kube-proxy', '--config', '/kind/kubeadm.conf'];
        await controlPlaneOf(context.env.session).exec(['kubeadm', ...phase], { timeoutMs: 60_000 });
        await restartKubeProxy(context.env);
      },
    },
    {
      name: 'dump-of-a-sister',
      says: 'the ConfigMap replaced by a dump from before, then kube-proxy’s pods deleted',
      variants: IN_CONFIG_MAP,
      run: async (context) => {
        const saved = pictured(context.before, KUBE_PROXY_CONFIG);
        if (saved !== undefined) await putBack(context.env.session.kube, saved);
        await restartKubeProxy(context.env);
      },
    },
    {
      name: 'rollout-undo',
      says: 'the DaemonSet rolled back to its former revision',
      variants: ['node-selector'],
      run: async (context) => {
        await rollBackDaemonSet(context);
        await restartKubeProxy(context.env);
      },
    },
    {
      name: 'binding-of-another-name',
      says: 'the binding made again under a name of one’s own',
      variants: ['no-binding'],
      run: async (context) => {
        await bind(context, 'kube-proxy-again', 'system:node-proxier');
        await restartKubeProxy(context.env);
      },
    },
  ],
  cheats: [
    {
      name: 'hand-made-dnat',
      says: 'own DNAT rules to a pod that lives, on every node: kube-proxy is still dead',
      seenBy: ['P1', 'P2'],
      run: writeOwnDnat,
    },
    {
      name: 'cluster-admin',
      says: 'repaired, and kube-proxy bound to cluster-admin on the way',
      seenBy: ['P5'],
      run: async (context) => {
        await correct(context);
        await bind(context, 'kube-proxy-admin', 'cluster-admin');
        await restartKubeProxy(context.env);
      },
    },
    {
      name: 'nftables-mode',
      says: 'kube-proxy moved to nftables mode, which works, beside the old rules',
      seenBy: ['P1'],
      run: async (context) => {
        await correct(context);
        await editConfig(context, 'config.conf', (text) => withField(text, 'mode', () => 'nftables'));
        await restartKubeProxy(context.env);
      },
    },
  ],
  answers: async () => ({}),
});

/** What a learner would correct, each variant at its own place. */
async function correct(context: Context): Promise<void> {
  switch (context.variant) {
    case 'bad-mode':
      return editConfig(context, 'config.conf', (text) => withField(text, 'mode', () => 'iptables'));
    case 'bad-cidr': {
      const cidr = await clusterCidr(context);
      return editConfig(context, 'config.conf', (text) => withField(text, 'clusterCIDR', () => cidr));
    }
    case 'wrong-api-port':
      return editConfig(context, 'kubeconfig.conf', (text) =>
        text.replace(/(server: \S+:)\d+/, (_all, server: string) => `${server}6443`),
      );
    case 'node-selector':
      await context.env.session.kube.patch(KUBE_PROXY_DAEMONSET, 'merge', {
        spec: { template: { spec: { nodeSelector: { 'kubernetes.io/os': 'linux' } } } },
      });
      return;
    default:
      return bind(context, NODE_PROXIER_BINDING.name, 'system:node-proxier');
  }
}

async function editConfig({ env }: Context, key: string, edit: (text: string) => string): Promise<void> {
  await rewriteConfigMap(env, KUBE_PROXY_CONFIG, { key, edit });
}

/** Where a learner finds it: a flag of the controller manager. */
async function clusterCidr({ env }: Context): Promise<string> {
  const [manager] = await podsWith(env.session.kube, 'kube-system', { component: 'kube-controller-manager' });
  const cidr = /--cluster-cidr=([^"]+)/.exec(JSON.stringify(manager?.spec ?? {}))?.[1];
  if (cidr !== undefined) return cidr;
  throw new KubedrillError({
    what: 'the cluster CIDR is not known',
    why: 'the controller manager has no flag --cluster-cidr',
    hint: 'kubectl -n kube-system get pods -l component=kube-controller-manager -o yaml',
  });
}

async function bind({ env }: Context, name: string, role: string): Promise<void> {
  await env.session.kube.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: 'kube-proxy', namespace: 'kube-system' }],
  });
}

/** What `kubectl rollout undo` does: the template of the revision before the last one. */
async function rollBackDaemonSet({ env }: Context): Promise<void> {
  const revisions = await env.session.kube.list('apps/v1', 'ControllerRevision', {
    namespace: 'kube-system',
    labelSelector: 'k8s-app=kube-proxy',
  });
  const [, former] = [...revisions].sort((a, b) => Number(b['revision']) - Number(a['revision']));
  await env.session.kube.patch(KUBE_PROXY_DAEMONSET, 'strategic', former?.['data']);
}

async function writeOwnDnat({ env }: Context): Promise<void> {
  const web = await mustGet<Service>(env, refTo('v1', 'Service', 'web', 'shop'));
  const pods = await podsWith(env.session.kube, 'shop', web.spec.selector ?? {});
  const backend = pods.find((pod: Pod) => pod.status?.podIP !== undefined)?.status?.podIP ?? '';
  const to = [
    '-d',
    web.spec.clusterIP ?? '',
    '-p',
    'tcp',
    '--dport',
    '80',
    '-j',
    'DNAT',
    '--to-destination',
    `${backend}:8080`,
  ];
  for (const node of env.session.nodes) {
    for (const chain of ['PREROUTING', 'OUTPUT']) await node.exec(['iptables', '-t', 'nat', '-I', chain, '1', ...to]);
  }
}
