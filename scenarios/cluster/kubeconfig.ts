import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { KubedrillError } from '../../core/index.ts';
import type { RunEnvironment } from '../ports.ts';

/** How somebody proves who they are. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'certificate'; readonly certificate: string; readonly key: string };

/** Where a kubeconfig is used from: from a machine of the lab's network, or from the host through the published port. */
export type Vantage = 'lab' | 'host';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/** A kubeconfig document for somebody; the cluster is the session's, at the address that is right from there. */
export async function kubeconfigFor(
  env: Pick<RunEnvironment, 'session'>,
  who: Credentials,
  from: Vantage,
): Promise<string> {
  const own = parse(await readFile(env.session.kubeconfigFile, 'utf8')) as Kubeconfig;
  const cluster = own.clusters[0]?.cluster ?? {};
  const { host, port } = env.session.addonContext.apiServer;
  const server = from === 'host' ? (cluster['server'] ?? '') : `https://${host}:${String(port)}`;
  return document({ ...cluster, server }, userOf(who));
}

/** The learner's own rights, from a machine of the lab's network. */
export async function adminKubeconfig(env: Pick<RunEnvironment, 'session'>): Promise<string> {
  const own = parse(await readFile(env.session.kubeconfigFile, 'utf8')) as Kubeconfig;
  const user = own.users[0]?.user ?? {};
  const certificate = user['client-certificate-data'] ?? '';
  return kubeconfigFor(env, { kind: 'certificate', certificate, key: user['client-key-data'] ?? '' }, 'lab');
}

/**
 * A certificate for a user of these groups, signed by the cluster's own authority on a control plane. Leaves nothing there: kubeadm
 * prints the kubeconfig, and this keeps the user's part.
 */
export async function issueCertificate(
  env: Pick<RunEnvironment, 'session'>,
  user: string,
  groups: readonly string[],
): Promise<Credentials> {
  const node = env.session.nodes.find(({ role }) => role === 'control-plane');
  const orgs = groups.flatMap((group) => ['--org', group]);
  const argv = ['kubeadm', 'kubeconfig', 'user', '--client-name', user, ...orgs, '--config', '/kind/kubeadm.conf'];
  const printed = (await node?.exec(argv, { timeoutMs: 30_000 }))?.stdout ?? '';
  const issued = (parse(printed.slice(printed.indexOf('apiVersion:'))) as Kubeconfig | null)?.users[0]?.user ?? {};
  const { 'client-certificate-data': certificate, 'client-key-data': key } = issued;
  if (certificate !== undefined && key !== undefined) return { kind: 'certificate', certificate, key };
  throw new KubedrillError({
    what: `no certificate for the user ${user}`,
    why: `kubeadm printed ${printed === '' ? 'nothing' : 'no client certificate'}`,
    hint: 'kubedrill status',
  });
}

function userOf(who: Credentials): Readonly<Record<string, string>> {
  if (who.kind === 'token') return { token: who.token };
  return { 'client-certificate-data': who.certificate, 'client-key-data': who.key };
}

function document(cluster: Readonly<Record<string, string>>, user: Readonly<Record<string, string>>): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster }],
    users: [{ name: 'user', user }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'user' } }],
    'current-context': 'lab',
  });
}
