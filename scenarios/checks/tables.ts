import type { LabSnapshot, Residue } from '../../labs/index.ts';
import { isProxyChain } from '../../network/index.ts';
import type { CheckContext, Finding } from '../define.ts';

/** Tables of a picture that packets pass through. */
const PACKET_TABLES = /(nat|filter|mangle|raw|nft)/;

/** The packet rules of all nodes, or of those named, are as in the picture from before: nothing missing, nothing added. */
export async function packetRulesAsBefore(context: CheckContext<unknown>, nodes?: readonly string[]): Promise<Finding> {
  const [before, now] = await Promise.all([context.before(), context.now()]);
  const differences = nodeResidue(context, before, now).filter(
    ({ node, table }) => PACKET_TABLES.test(table) && (nodes?.includes(node) ?? true),
  );
  if (differences.length === 0) return { ok: true, observed: 'the packet rules are as they were' };
  return { ok: false, observed: describe(differences) };
}

/** The same without the chains that kube-proxy writes, which follow the endpoints of now; `proxyRulesAreRight` is for those. */
export async function otherRulesAsBefore(context: CheckContext<unknown>): Promise<Finding> {
  const [before, now] = await Promise.all([context.before(), context.now()]);
  const differences = nodeResidue(context, before, now).filter(
    ({ table, line }) => PACKET_TABLES.test(table) && !isProxyLine(line),
  );
  if (differences.length === 0) return { ok: true, observed: 'the packet rules are as they were' };
  return { ok: false, observed: describe(differences) };
}

/** Canonical pictures name the chain of an endpoint by whom it leads to: `chain KUBE-SEP(…)`. */
function isProxyLine(line: string): boolean {
  const chain = /^(?:chain|-A) ([^\s(]+)/.exec(line)?.[1] ?? '';
  return chain === 'KUBE-SEP' || isProxyChain(chain);
}

type NodeResidue = Extract<Residue, { readonly kind: 'node' }>;

function nodeResidue(context: CheckContext<unknown>, before: LabSnapshot, now: LabSnapshot): readonly NodeResidue[] {
  return context.env.labs.compareSnapshots(before, now).filter((residue) => residue.kind === 'node');
}

function describe(differences: readonly NodeResidue[]): string {
  const missing = differences.filter(({ change }) => change === 'missing').length;
  const added = differences.length - missing;
  const first = differences
    .slice(0, 2)
    .map(({ node, table, line, change }) => `${change} on ${node} in ${table}: ${line}`);
  return `${String(missing)} rules missing, ${String(added)} too many; ${first.join('; ')}`;
}
