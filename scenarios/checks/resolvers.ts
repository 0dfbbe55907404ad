import type { NodeHandle } from '../../core/index.ts';
import { dnsReplicas } from '../cluster/coredns.ts';
import { askDns, resolverOf } from '../cluster/dns-query.ts';
import type { Finding } from '../define.ts';
import type { RunEnvironment } from '../ports.ts';

/** A name server, and the node from which it is asked. */
export interface Resolver {
  readonly who: string;
  readonly from: NodeHandle;
  readonly server: string;
}

/** A name, and the address that it has to have among its addresses. */
export interface KnownName {
  readonly name: string;
  readonly address: string;
}

/** Each of these servers, asked by itself, knows each of these names. */
export async function resolversKnow(resolvers: readonly Resolver[], names: readonly KnownName[]): Promise<Finding> {
  const questions = resolvers.flatMap((resolver) => names.map((known) => ({ ...resolver, ...known })));
  const answers = await Promise.all(
    questions.map(async (one) => ({ ...one, ...(await askDns(one.from, one.server, one.name)) })),
  );
  const wrong = answers.filter(({ records, address }) => !records.includes(address));
  const asked = names.map(({ name }) => name).join(', ');
  if (resolvers.length === 0) return { ok: false, observed: 'there is nobody to ask' };
  if (wrong.length === 0) return { ok: true, observed: `${String(resolvers.length)} resolvers know ${asked}` };
  return { ok: false, observed: wrong.map(({ who, name, observed }) => `${who}, ${name}: ${observed}`).join('; ') };
}

/** Every replica of CoreDNS, ready or not, asked at its own address from its own node. */
export async function coreDnsReplicas(env: RunEnvironment): Promise<readonly Resolver[]> {
  const { nodes } = env.session;
  return (await dnsReplicas(env)).flatMap(({ spec, status, metadata }) => {
    const from = nodes.find(({ name }) => name === spec.nodeName) ?? nodes[0];
    const who = `CoreDNS on ${spec.nodeName ?? 'no node'} (${metadata.name})`;
    return from === undefined ? [] : [{ who, from, server: status?.podIP ?? '127.0.0.1' }];
  });
}

/** The resolver that a node itself was given. */
export async function ownResolver(node: NodeHandle): Promise<Resolver> {
  return { who: `${node.name}’s own resolver`, from: node, server: await resolverOf(node) };
}

/** A name that is in no hosts file and in no zone of the cluster: that of the machine outside, known to the network's own resolver. */
export function outsideName({ session: { keeper } }: RunEnvironment): KnownName {
  return { name: keeper.name, address: keeper.addresses.ipv4 };
}
