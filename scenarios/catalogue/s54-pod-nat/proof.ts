import { FLANNEL_CONFIG, restartFlannel } from '../../cluster/flannel.ts';
import { KUBE_PROXY_CONFIG, restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { controlPlaneOf, nodeOf } from '../../cluster/nodes.ts';
import { pictured } from '../../cluster/pictured.ts';
import { defineProof, type Play, type PlayContext } from '../../define.ts';
import { putBack } from '../../faults/undo/object.ts';
import { cheats } from './cheats.ts';
import type { NatParameters } from './parameters.ts';
import { correct, foreignRule, untilLedgerServes } from './repair.ts';

type Context = PlayContext<NatParameters>;

const IN_CONFIG_MAP = ['masquerade-all', 'small-network'];
const FOREIGN_RULE = ['masquerade-rule', 'hijacked-address'];

export default defineProof<NatParameters>({
  reference: tried({
    name: 'at-its-owner',
    says: 'the one thing that rewrites addresses corrected where it comes from',
    run: correct,
  }),
  fixes: [
    tried({
      name: 'out-of-a-backup',
      says: 'the ConfigMaps replaced by those from before, and everybody who reads them restarted',
      variants: IN_CONFIG_MAP,
      run: async (context) => {
        const { env } = context;
        for (const ref of [KUBE_PROXY_CONFIG, FLANNEL_CONFIG]) {
          const saved = pictured(context.before, ref);
          if (saved !== undefined) await putBack(env.session.kube, saved);
        }
        await Promise.all([restartKubeProxy(env), restartFlannel(env)]);
      },
    }),
    tried({
      name: 'kubeadm-phase',
      says: 'kubeadm lays the add-on down again, then kube-proxy’s pods are deleted',
      variants: ['masquerade-all'],
      run: async ({ env }) => {
        const phase = ['init', 'phase', 'addon', 'kube-proxy', '--config', '/kind/kubeadm.conf'];
        await controlPlaneOf(env.session).exec(['kubeadm', ...phase], { timeoutMs: 60_000 });
        await restartKubeProxy(env);
      },
    }),
    tried({
      name: 'then-everything-anew',
      says: 'corrected, and then kube-proxy and flannel restarted everywhere, to be sure',
      variants: ['small-network', ...FOREIGN_RULE],
      run: async (context) => {
        await correct(context);
        await Promise.all([restartKubeProxy(context.env), restartFlannel(context.env)]);
      },
    }),
    tried({
      name: 'by-its-handle',
      says: 'the rule deleted by its handle, which nft tells',
      variants: FOREIGN_RULE,
      run: deleteByHandle,
    }),
  ],
  cheats,
  answers: async () => ({}),
});

/** A fix, and then a try whether it helped. */
function tried(fix: Play<NatParameters>): Play<NatParameters> {
  return {
    ...fix,
    run: async (context) => {
      await fix.run(context);
      await untilLedgerServes(context);
    },
  };
}

/** It is the first one of its chain: kube-proxy and the CNI add theirs at the end or keep the place that they have. */
async function deleteByHandle(context: Context): Promise<void> {
  const { node, rule } = await foreignRule(context);
  const [chain = ''] = rule;
  const script = `
handle=$(nft -a list chain ip nat ${chain} | sed -n '/ip daddr/s/.* # handle //p' | head -1)
nft delete rule ip nat ${chain} handle "$handle"
`;
  await nodeOf(context.env.session, node).exec(['bash', '-c', script]);
}
