import { DNS_CONFIG } from '../../cluster/coredns.ts';
import { kubernetesZones, parseCorefile, type ServerBlock } from '../../cluster/corefile.ts';
import type { ConfigMap } from '../../cluster/objects.ts';
import type { Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import type { RunEnvironment } from '../../ports.ts';

/** What kubeadm's configuration has, and for good reasons. */
const WANTED = [
  'errors',
  'health',
  'ready',
  'kubernetes',
  'prometheus',
  'forward',
  'cache',
  'loop',
  'reload',
  'loadbalance',
];
/** Plugins that answer out of a text that somebody wrote. */
const CANNED = ['hosts', 'file', 'auto', 'template', 'rewrite'];
const CLUSTER_ZONE = 'cluster.local';

/** All plugins are there, in one server or in several; the cluster's zone is answered from the API, the rest is sent on. */
export async function corefileIsWhole(env: RunEnvironment): Promise<Finding> {
  const { data = {} } = await mustGet<ConfigMap>(env, DNS_CONFIG);
  const problems = problemsOf(parseCorefile(data['Corefile'] ?? ''));
  if (problems.length === 0) return { ok: true, observed: `the Corefile has ${WANTED.join(', ')}` };
  return { ok: false, observed: problems.join('; ') };
}

/** In words; none for a configuration as it should be. */
export function problemsOf(blocks: readonly ServerBlock[]): readonly string[] {
  const names = new Set(blocks.flatMap(({ plugins }) => plugins.map(({ name }) => name)));
  const missing = WANTED.filter((name) => !names.has(name));
  const canned = CANNED.filter((name) => names.has(name));
  const zones = kubernetesZones(blocks);
  return [
    ...(missing.length === 0 ? [] : [`the Corefile has no ${missing.join(', ')}`]),
    ...(canned.length === 0 ? [] : [`the Corefile answers out of its own text: ${canned.join(', ')}`]),
    ...(zones.includes(CLUSTER_ZONE) ? [] : [`kubernetes answers for ${zones.join(', ') || 'no zone'}`]),
  ];
}
