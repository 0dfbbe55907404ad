import { parse } from 'yaml';
import type { RunEnvironment } from '../ports.ts';
import type { Evidence, LoggedLine } from '../types.ts';
import { KUBE_PROXY_CONFIG, kubeProxyPods } from './kube-proxy.ts';
import type { ConfigMap } from './objects.ts';

/** Enough to see what it noticed and when it wrote; a proxy that fails repeats itself. */
const MOST_LINES = 12;
/** What a full sync, a flush that was noticed and a sync that failed look like in kube-proxy 1.35 at verbosity 2. */
const TELLING = /canary deleted|Reloading after|fullSync=true|Sync failed|Failed to|lookup |Iptables sync params/;

/** What kube-proxy on these nodes (all when none are named) wrote about its rules since `sinceMs` (wall clock), and its settings. */
export async function kubeProxyEvidence(
  env: RunEnvironment,
  sinceMs: number,
  nodes: readonly string[] = env.session.nodes.map(({ name }) => name),
): Promise<Evidence> {
  const [logged, config] = await Promise.all([
    Promise.all(nodes.map((node) => linesOf(env, sinceMs, node))),
    env.session.kube.get<ConfigMap>(KUBE_PROXY_CONFIG),
  ]);
  return { facts: [settingsOf(config?.data?.['config.conf'] ?? '')], logged: logged.flat() };
}

async function linesOf(env: RunEnvironment, sinceMs: number, node: string): Promise<readonly LoggedLine[]> {
  const [pod] = await kubeProxyPods(env, node);
  if (pod === undefined) return [];
  const ref = { namespace: 'kube-system', name: pod.metadata.name };
  const log = await env.session.kube.podLog({ ...ref, timestamps: true, since: new Date(sinceMs) });
  return tellingLines(log)
    .slice(0, MOST_LINES)
    .map(({ atMs, says }) => ({ atMs, says: `kube-proxy on ${node}: ${says}` }));
}

/** Of a log whose lines begin with a time stamp, the lines that tell of syncs, without the header that every line has. */
export function tellingLines(log: string): readonly LoggedLine[] {
  return log.split('\n').flatMap((line) => {
    const [, at, text] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (at === undefined || text === undefined || !TELLING.test(text)) return [];
    return [{ atMs: Date.parse(at), says: text.replace(/^[IWEF]\d{4} \S+\s+\d+ [^\]]+\] /, '') }];
  });
}

/** In words, with the defaults of kube-proxy 1.35 where the configuration leaves a value open (0s). */
export function settingsOf(config: string): string {
  const { mode, iptables } = (parse(config) ?? {}) as {
    readonly mode?: string;
    readonly iptables?: { readonly syncPeriod?: string; readonly minSyncPeriod?: string };
  };
  const or = (value: string | undefined, standard: string): string =>
    value === undefined || value === '0s' ? standard : value;
  const [sync, least] = [or(iptables?.syncPeriod, '30s'), or(iptables?.minSyncPeriod, '1s')];
  return `kube-proxy looks after its rules every ${sync} (syncPeriod), writes changes at most every ${least} (minSyncPeriod), mode ${mode === undefined || mode === '' ? 'iptables' : mode}`;
}
