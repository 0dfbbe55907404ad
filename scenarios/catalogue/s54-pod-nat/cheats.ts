import { nodeOf } from '../../cluster/nodes.ts';
import { waitForPods } from '../../cluster/pods.ts';
import { isReady } from '../../cluster/objects.ts';
import type { Cheat, PlayContext } from '../../define.ts';
import { DEPLOYMENT, LABELS, ledgerPod, NAMESPACE } from './ledger.ts';
import type { NatParameters } from './parameters.ts';
import { correct, foreignRule } from './repair.ts';
import { podNetworks } from './setup.ts';

type Context = PlayContext<NatParameters>;

export const cheats: readonly Cheat<NatParameters>[] = [
  {
    name: 'teach-the-ledger',
    says: 'the ledger told that every address is a pod’s',
    seenBy: ['P2'],
    run: (context) => changeLedger(context, context.parameters.home, ['0.0.0.0/0']),
  },
  {
    name: 'beside-its-callers',
    says: 'the ledger moved to the machine whose callers it refused',
    seenBy: ['P2'],
    run: async (context) => changeLedger(context, context.parameters.victim, await podNetworks(context.env)),
  },
  {
    name: 'no-masquerading-at-all',
    says: 'repaired, and every rule that masquerades deleted on the way, also those that Kubernetes needs',
    seenBy: ['P3', 'P5'],
    run: async (context) => {
      await correct(context);
      for (const node of context.env.session.nodes)
        await node.exec(['bash', '-c', NO_MASQUERADE], { timeoutMs: 30_000 });
    },
  },
  {
    name: 'one-more-rule-first',
    says: 'an own rule in front of the foreign one, which now matches nothing',
    variants: ['masquerade-rule', 'hijacked-address'],
    seenBy: ['P5'],
    run: async (context) => {
      const { node, rule } = await foreignRule(context);
      const match = rule.slice(1, rule.indexOf('-j'));
      const first = ['iptables', '-w', '-t', 'nat', '-I', rule[0] ?? '', '1', ...match, '-j', 'ACCEPT'];
      await nodeOf(context.env.session, node).exec(first);
    },
  },
];

const NO_MASQUERADE = `
iptables-save -t nat | grep -- '-j MASQUERADE' | sed 's/^-A/-D/' | while read -r line; do
  eval "iptables -w -t nat $line"
done
`;

async function changeLedger({ env }: Context, home: string, networks: readonly string[]): Promise<void> {
  const { session } = env;
  const { nodeSelector, containers } = ledgerPod(session.addonContext.toolboxImage, home, networks);
  await session.kube.patch(DEPLOYMENT, 'strategic', { spec: { template: { spec: { nodeSelector, containers } } } });
  await waitForPods(session, {
    namespace: NAMESPACE,
    labels: LABELS,
    what: 'the new pod of the ledger',
    timeoutMs: 30_000,
    accept: (pods) => pods.length === 1 && pods.every((pod) => isReady(pod) && pod.spec.nodeName === home),
  });
}
