import { done, notYet, waitFor } from '../../../core/index.ts';
import { DNS_BINDING, DNS_CONFIG, DNS_DEPLOYMENT, DNS_SERVICE, waitForCoreDns } from '../../cluster/coredns.ts';
import type { ConfigMap } from '../../cluster/objects.ts';
import type { PlayContext } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import type { CorefileParameters } from './parameters.ts';
import { CLUSTER_NAMES, OUTSIDE_NAMES } from './paths.ts';

type Context = PlayContext<CorefileParameters>;

/** What a learner would correct, each variant at its own place. */
export async function correct(context: Context): Promise<void> {
  const { kube } = context.env.session;
  switch (context.variant) {
    case 'directive':
      return editCorefile(context, (text) => text.replace('kuberntes', 'kubernetes'));
    case 'zone':
      return editCorefile(context, (text) => text.replace('cluster.locl', 'cluster.local'));
    case 'loop':
    case 'upstream':
      return forwardTo(context, '/etc/resolv.conf');
    case 'selector':
      await kube.patch(DNS_SERVICE, 'merge', { spec: { selector: { 'k8s-app': 'kube-dns' } } });
      return;
    case 'binding':
      return bind(context, DNS_BINDING.name, 'system:coredns');
    default:
      return setMemory(context, { limits: '170Mi', requests: '70Mi' });
  }
}

export async function editCorefile({ env }: Context, edit: (text: string) => string): Promise<void> {
  const { data = {} } = await mustGet<ConfigMap>(env, DNS_CONFIG);
  await env.session.kube.patch(DNS_CONFIG, 'merge', { data: { Corefile: edit(data['Corefile'] ?? '') } });
}

export function forwardTo(context: Context, upstream: string): Promise<void> {
  return editCorefile(context, (text) => text.replace(/forward \. \S+/, `forward . ${upstream}`));
}

export async function bind({ env }: Context, name: string, role: string): Promise<void> {
  await env.session.kube.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace: 'kube-system' }],
  });
}

export async function setMemory(
  { env }: Context,
  memory: { readonly limits: string; readonly requests: string },
): Promise<void> {
  const patch = Object.entries(memory).map(([bound, value]) => ({
    op: 'replace',
    path: `/spec/template/spec/containers/0/resources/${bound}/memory`,
    value,
  }));
  await env.session.kube.patch(DNS_DEPLOYMENT, 'json', patch);
}

/** What `kubectl rollout restart` does, and `rollout status` after it. */
export async function rolloutRestart({ env }: Context): Promise<void> {
  const restartedAt = env.session.clock.now().toISOString();
  const metadata = { annotations: { 'kubectl.kubernetes.io/restartedAt': restartedAt } };
  await env.session.kube.patch(DNS_DEPLOYMENT, 'strategic', { spec: { template: { metadata } } });
  await waitForCoreDns(env, { timeoutMs: 60_000 });
}

/** As somebody who repairs a thing tries it afterwards: kube-proxy follows some moments later. */
export async function untilNamesResolve({ env, readMeter }: Context): Promise<void> {
  const wanted = [CLUSTER_NAMES, OUTSIDE_NAMES];
  await waitFor(
    async () => {
      const dead = (await readMeter()).filter(({ path, lastOk }) => wanted.includes(path) && !lastOk);
      return dead.length === 0 ? done(undefined) : notYet(dead.map(({ path }) => path).join(', '));
    },
    { what: 'names to resolve', timeoutMs: 30_000, clock: env.session.clock, intervalMs: 500 },
  );
}
