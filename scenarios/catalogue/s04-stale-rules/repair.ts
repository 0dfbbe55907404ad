import { restartKubeProxy, waitUntilHealthy } from '../../cluster/kube-proxy.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import type { ConfigMap } from '../../cluster/objects.ts';
import type { PlayContext } from '../../define.ts';
import { patchProxyConfig } from '../../faults/kube-proxy-config.ts';
import { SILENT_UNIT } from './causes.ts';
import type { StaleParameters } from './parameters.ts';

type Context = PlayContext<StaleParameters>;

const FOLLOW_MS = 60_000;

export async function onVictim({ env, parameters }: Context, ...argv: readonly string[]): Promise<void> {
  await nodeOf(env.session, parameters.victim).exec(argv, { timeoutMs: 60_000 });
}

/** What a learner would correct, each variant at its own place. */
export async function correct(context: Context): Promise<void> {
  const { env, variant, parameters } = context;
  if (variant === 'frozen') {
    await onVictim(context, 'pkill', '-CONT', '-x', 'kube-proxy');
    await waitUntilHealthy(env, nodeOf(env.session, parameters.victim), FOLLOW_MS);
    return;
  }
  await correctConfig(context);
  await restartKubeProxy(env, parameters.victim);
  if (variant === 'silent-api') await onVictim(context, 'systemctl', 'stop', `${SILENT_UNIT}.service`);
}

/** The ConfigMap as it is on a sister cluster, here as it was before. */
export async function correctConfig({ env, before }: Context): Promise<void> {
  const saved = before.objects['v1/ConfigMap/kube-system/kube-proxy'] ?? '{}';
  const { data = {} } = JSON.parse(saved) as Partial<ConfigMap>;
  for (const [file, text] of Object.entries(data)) await patchProxyConfig(env, file, () => text);
}
