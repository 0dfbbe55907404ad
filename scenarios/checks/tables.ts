import type { Residue } from '../../labs/index.ts';
import type { CheckContext, Finding } from '../define.ts';

/** Tables of a picture that packets pass through. */
const PACKET_TABLES = /(nat|filter|mangle|raw|nft)/;
/** Those, and what else decides where a packet goes. */
const NETWORK_TABLES = /(nat|filter|mangle|raw|nft|^routes$|^rules$|^addresses$|^links$|^bridge ports$|^sysctls$)/;

type NodeResidue = Extract<Residue, { readonly kind: 'node' }>;

/** The packet rules of all nodes, or of those named, are as in the picture from before: nothing missing, nothing added. */
export async function packetRulesAsBefore(context: CheckContext<unknown>, nodes?: readonly string[]): Promise<Finding> {
  const all = await nodeResidue(context);
  return without(
    all.filter(({ node, table }) => PACKET_TABLES.test(table) && (nodes?.includes(node) ?? true)),
    'the packet rules',
  );
}

/** Packet rules, routes, routing rules, addresses, links and settings of the network stack of all nodes are as in the picture. */
export async function networkAsBefore(context: CheckContext<unknown>): Promise<Finding> {
  const all = await nodeResidue(context);
  return without(
    all.filter(({ table }) => NETWORK_TABLES.test(table)),
    'routes, rules and network settings',
  );
}

/** Units of systemd and the files that describe them are as in the picture. */
export async function unitsAsBefore(context: CheckContext<unknown>): Promise<Finding> {
  const all = await nodeResidue(context);
  const isUnit = ({ table, line }: NodeResidue): boolean =>
    table === 'units' || (table === 'files' && line.includes('/systemd/system'));
  return without(all.filter(isUnit), 'the units of systemd');
}

async function nodeResidue(context: CheckContext<unknown>): Promise<readonly NodeResidue[]> {
  const [before, now] = await Promise.all([context.before(), context.now()]);
  return context.env.labs.compareSnapshots(before, now).filter((residue) => residue.kind === 'node');
}

function without(differences: readonly NodeResidue[], what: string): Finding {
  if (differences.length === 0) return { ok: true, observed: `${what} are as they were` };
  return { ok: false, observed: describe(differences) };
}

function describe(differences: readonly NodeResidue[]): string {
  const missing = differences.filter(({ change }) => change === 'missing').length;
  const added = differences.length - missing;
  const first = differences
    .slice(0, 2)
    .map(({ node, table, line, change }) => `${change} on ${node} in ${table}: ${line}`);
  return `${String(missing)} lines missing, ${String(added)} too many; ${first.join('; ')}`;
}
