import { restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { isReady, refTo, type Service } from '../../cluster/objects.ts';
import { podsWith, waitForPods } from '../../cluster/pods.ts';
import type { Cheat, PlayContext } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import type { StaleParameters } from './parameters.ts';
import { correct } from './repair.ts';

type Context = PlayContext<StaleParameters>;

const WEB = refTo('v1', 'Service', 'web', 'shop');
const WEB_DEPLOYMENT = refTo('apps/v1', 'Deployment', 'web', 'shop');

export const cheats: readonly Cheat<StaleParameters>[] = [
  {
    name: 'copied-rules',
    says: 'the nat rules of a healthy machine loaded on the sick one: right for now, and followed by nobody',
    seenBy: ['P5'],
    run: copyRules,
  },
  {
    name: 'hand-made-dnat',
    says: 'own DNAT rules on the machine to a pod that lives, before kube-proxy’s',
    seenBy: ['P2', 'P4'],
    run: writeOwnDnat,
  },
  {
    name: 'stay-with-one',
    says: 'sessionAffinity ClientIP on web, so that who got an answer once gets it again',
    seenBy: ['P4', 'P5'],
    run: async ({ env }) => {
      await env.session.kube.patch(WEB, 'merge', { spec: { sessionAffinity: 'ClientIP' } });
    },
  },
  {
    name: 'fewer-pods',
    says: 'web scaled down to the pods that the machine still knows',
    seenBy: ['P5'],
    run: scaleDown,
  },
  {
    name: 'cordon',
    says: 'repaired, and the machine cordoned on the way',
    seenBy: ['P5'],
    run: async (context) => {
      await correct(context);
      const node = refTo('v1', 'Node', context.parameters.victim);
      await context.env.session.kube.patch(node, 'merge', { spec: { unschedulable: true } });
    },
  },
  {
    name: 'only-restarted',
    says: 'kube-proxy’s pod deleted and nothing corrected: its rules are right once more, and stay as they are',
    variants: ['deaf'],
    seenBy: ['P5'],
    run: async ({ env, parameters }) => {
      await restartKubeProxy(env, parameters.victim);
    },
  },
];

async function copyRules({ env, parameters }: Context): Promise<void> {
  const victim = nodeOf(env.session, parameters.victim);
  const healthy = env.session.nodes.find(({ name, role }) => role === 'worker' && name !== victim.name);
  const { stdout: rules } = (await healthy?.exec(['iptables-save', '-t', 'nat'])) ?? { stdout: '' };
  const chains = rules.split('\n').filter((line) => /^(:|-A )KUBE-(SVC|SEP|SERVICES|NODEPORTS|EXT)/.test(line));
  await victim.exec(['iptables-restore', '--noflush'], { input: `*nat\n${chains.join('\n')}\nCOMMIT\n` });
}

async function writeOwnDnat({ env, parameters }: Context): Promise<void> {
  const web = await mustGet<Service>(env, WEB);
  const pods = await podsWith(env.session.kube, 'shop', { app: 'web' });
  const backend = pods.find(isReady)?.status?.podIP ?? '';
  const match = ['-d', web.spec.clusterIP ?? '', '-p', 'tcp', '--dport', '80'];
  for (const chain of ['PREROUTING', 'OUTPUT']) {
    const rule = ['-I', chain, '1', ...match, '-j', 'DNAT', '--to-destination', `${backend}:8080`];
    await nodeOf(env.session, parameters.victim).exec(['iptables', '-t', 'nat', ...rule]);
  }
}

async function scaleDown({ env, parameters }: Context): Promise<void> {
  const replicas = 4 - parameters.rolled;
  await env.session.kube.patch(WEB_DEPLOYMENT, 'merge', { spec: { replicas } });
  const wait = { namespace: 'shop', labels: { app: 'web' }, what: 'fewer pods', timeoutMs: 30_000 };
  await waitForPods(env.session, { ...wait, accept: (pods) => pods.length === replicas });
}
