import { FLANNEL_CONFIG, FLANNEL_NETWORK_KEY, restartFlannel } from '../../cluster/flannel.ts';
import { KUBE_PROXY_CONFIG, restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { nodeOf, podNetworkOf } from '../../cluster/nodes.ts';
import { podsWith } from '../../cluster/pods.ts';
import type { LabShape } from '../../define.ts';
import { networkWithout } from '../../cluster/ipv4.ts';
import { editConfigMap, rewriteConfigMap, type TextEdit } from '../../faults/config-map.ts';
import type { RunStep } from '../../faults/step.ts';
import type { Undo } from '../../journal/entry.ts';
import type { RunEnvironment } from '../../ports.ts';
import type { VariantSummary } from '../../types.ts';
import { LABELS, NAMESPACE } from './ledger.ts';
import type { NatParameters } from './parameters.ts';

export interface Cause {
  readonly id: string;
  readonly title: string;
  steps(parameters: NatParameters): readonly RunStep[];
  /** Machines whose pods the ledger refuses, or does not even see. */
  strangers(parameters: NatParameters, lab: LabShape): readonly string[];
  /** What the detector has to say, and where. */
  alert?(parameters: NatParameters): { readonly rule: string; readonly node?: string };
}

/** Who can put another address in the place of a pod's. */
export const causes: readonly Cause[] = [
  {
    id: 'masquerade-all',
    title: 'kube-proxy told to masquerade every call to a Service',
    steps: () => [
      withUndo(
        editConfigMap('masquerade every call to a Service', KUBE_PROXY_CONFIG, {
          key: 'config.conf',
          edit: (text) => text.replace(/(masqueradeAll: )\w+/, '$1true'),
        }),
        { action: 'kube-proxy.restart', args: {} },
      ),
      step('restart kube-proxy', async (env) => {
        await restartKubeProxy(env);
      }),
    ],
    strangers: (_parameters, { controlPlanes, workers }) => [...controlPlanes, ...workers],
    alert: () => ({ rule: 'KD System ConfigMap changed' }),
  },
  {
    id: 'masquerade-rule',
    title: 'a rule of one machine that masquerades calls between pods',
    steps: ({ victim, home }) => [
      onNode(`masquerade calls between pods on ${victim}`, victim, async (env) =>
        masqueradeRule(env, { victim, home }),
      ),
    ],
    strangers: ({ victim }) => [victim],
    alert: ({ victim }) => ({ rule: 'KD Packet filter rule changed', node: victim }),
  },
  {
    id: 'small-network',
    title: 'a pod network in flannel’s configuration that leaves a machine out',
    steps: ({ victim, home }) => [
      narrowNetwork(victim, home),
      step(`restart flannel on ${victim}`, (env) => restartFlannel(env, [victim])),
    ],
    strangers: ({ victim }) => [victim],
  },
  {
    id: 'hijacked-address',
    title: 'a rule that leads calls for one pod to another',
    steps: ({ home }) => [
      onNode(`lead calls for the ledger to the shop on ${home}`, home, (env) => hijackRule(env, home)),
    ],
    strangers: ({ home }, { controlPlanes, workers }) => [...controlPlanes, ...workers].filter((node) => node !== home),
    alert: ({ home }) => ({ rule: 'KD Packet filter rule changed', node: home }),
  },
];

export const variants: readonly VariantSummary[] = causes.map(({ id, title }) => ({ id, title }));

export function causeOf(variant: string): Cause {
  const cause = causes.find(({ id }) => id === variant);
  if (cause === undefined) throw new RangeError(`no cause ${variant}`);
  return cause;
}

/** Of the victim's nat table, as iptables takes it: chain first. */
export async function masqueradeRule(env: RunEnvironment, { victim, home }: NatParameters): Promise<readonly string[]> {
  const [near, far] = await Promise.all([podNetworkOf(env, victim), podNetworkOf(env, home)]);
  return ['POSTROUTING', '-s', near, '-d', far, '-j', 'MASQUERADE'];
}

/** Of the nat table of the ledger's machine: a pod of the shop beside it answers in its place. */
export async function hijackRule({ session }: RunEnvironment, home: string): Promise<readonly string[]> {
  const [[ledger], web] = await Promise.all([
    podsWith(session.kube, NAMESPACE, LABELS),
    podsWith(session.kube, NAMESPACE, { app: 'web' }),
  ]);
  const other = web.find(({ spec }) => spec.nodeName === home);
  return [
    'PREROUTING',
    '-d',
    ledger?.status?.podIP ?? '',
    '-j',
    'DNAT',
    '--to-destination',
    other?.status?.podIP ?? '',
  ];
}

function narrowNetwork(victim: string, home: string): RunStep {
  const change = (network: string): TextEdit => ({
    key: FLANNEL_NETWORK_KEY,
    edit: (text) => text.replace(/("Network":\s*")[^"]+/, `$1${network}`),
  });
  const { undo } = editConfigMap('', FLANNEL_CONFIG, change(''));
  const edited: RunStep = {
    title: 'make the pod network too small',
    undo,
    run: async ({ env }) => {
      const [own, other] = await Promise.all([podNetworkOf(env, victim), podNetworkOf(env, home)]);
      await rewriteConfigMap(env, FLANNEL_CONFIG, change(networkWithout(own, other)));
    },
  };
  return withUndo(edited, { action: 'flannel.restart', args: { node: victim } });
}

/** Puts a rule first in its chain; taken back as it is put there, whoever holds the addresses by then. */
function onNode(title: string, node: string, ruleOf: (env: RunEnvironment) => Promise<readonly string[]>): RunStep {
  const iptables = ['iptables', '-w', '-t', 'nat'];
  return {
    title,
    undo: async ({ env }) => [
      { action: 'node.run', args: { node, argv: [...iptables, '-D', ...(await ruleOf(env))] } },
    ],
    run: async ({ env }) => {
      const [chain = '', ...rest] = await ruleOf(env);
      await nodeOf(env.session, node).exec([...iptables, '-I', chain, '1', ...rest]);
    },
  };
}

/** A step that leaves nothing to take back. */
function step(title: string, run: (env: RunEnvironment) => Promise<void>): RunStep {
  return { title, undo: async () => [], run: ({ env }) => run(env) };
}

function withUndo(taken: RunStep, more: Undo): RunStep {
  return { ...taken, undo: async (context) => [...(await taken.undo(context)), more] };
}
