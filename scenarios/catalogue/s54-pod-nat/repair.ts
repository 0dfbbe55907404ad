import { done, notYet, waitFor } from '../../../core/index.ts';
import { FLANNEL_CONFIG, FLANNEL_NETWORK_KEY, restartFlannel } from '../../cluster/flannel.ts';
import { KUBE_PROXY_CONFIG, restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import type { ConfigMap } from '../../cluster/objects.ts';
import { pictured } from '../../cluster/pictured.ts';
import type { PlayContext } from '../../define.ts';
import { rewriteConfigMap } from '../../faults/config-map.ts';
import { hijackRule, masqueradeRule } from './causes.ts';
import type { NatParameters } from './parameters.ts';
import { pathFrom } from './paths.ts';

type Context = PlayContext<NatParameters>;

/** The one foreign rule of the variants that have one. */
export interface ForeignRule {
  readonly node: string;
  /** As iptables takes it: chain first. */
  readonly rule: readonly string[];
}

/** What a learner would correct, each variant at its owner. */
export async function correct(context: Context): Promise<void> {
  const { env, variant, parameters } = context;
  switch (variant) {
    case 'masquerade-all':
      await rewriteConfigMap(env, KUBE_PROXY_CONFIG, {
        key: 'config.conf',
        edit: (text) => text.replace('masqueradeAll: true', 'masqueradeAll: false'),
      });
      await restartKubeProxy(env);
      return;
    case 'small-network': {
      const { data = {} } = pictured<ConfigMap>(context.before, FLANNEL_CONFIG) ?? {};
      await rewriteConfigMap(env, FLANNEL_CONFIG, {
        key: FLANNEL_NETWORK_KEY,
        edit: () => data[FLANNEL_NETWORK_KEY] ?? '',
      });
      await restartFlannel(env, [parameters.victim]);
      return;
    }
    default: {
      const { node, rule } = await foreignRule(context);
      await nodeOf(env.session, node).exec(['iptables', '-w', '-t', 'nat', '-D', ...rule]);
    }
  }
}

export async function foreignRule({ env, variant, parameters }: Context): Promise<ForeignRule> {
  const { victim, home } = parameters;
  return variant === 'hijacked-address'
    ? { node: home, rule: await hijackRule(env, home) }
    : { node: victim, rule: await masqueradeRule(env, parameters) };
}

/** As somebody who repairs a thing tries it afterwards. */
export async function untilLedgerServes({ env, readMeter }: Context): Promise<void> {
  const paths = env.session.nodes.map(({ name }) => pathFrom(name));
  await waitFor(
    async () => {
      const readings = await readMeter();
      const refused = paths.filter((path) => readings.find((reading) => reading.path === path)?.lastOk !== true);
      return refused.length === 0 ? done(undefined) : notYet(`${refused.join(', ')} fail`);
    },
    { what: 'the ledger to serve every machine', timeoutMs: 30_000, clock: env.session.clock },
  );
}
