import {
  API_VERSION,
  KubeError,
  type KubeClient,
  type KubeObject,
  type NodeHandle,
  type ResourceType,
} from '../../core/index.ts';
import type { Session } from '../session.ts';
import { lineageByIp } from './lineage.ts';
import { canonicalNode, dnsPortsOf } from './node-canonical.ts';
import { NODE_SCRIPT, parseNodeDump, type NodeDump } from './node-script.ts';
import { canonicalObjects, isPictured } from './objects.ts';
import type { Surroundings } from './surroundings.ts';
import type { LabSnapshot, NodeSnapshot } from './types.ts';

/** What pictures need of a session. */
export type SnapshotSession = Pick<Session, 'nodes' | 'kube' | 'clock'>;

const NODE_TIMEOUT_MS = 60_000;

/** Takes one canonical picture of all nodes and API objects, everything at once. Fails when a node or the API is away. */
export async function takeSnapshot(session: SnapshotSession): Promise<LabSnapshot> {
  const takenAt = session.clock.now().toISOString();
  const [dumps, objects] = await Promise.all([
    Promise.all(session.nodes.map(async (node) => ({ node: node.name, dump: await dumpNode(node) }))),
    listObjects(session.kube),
  ]);
  const addresses = addressesOf(objects);
  return {
    apiVersion: API_VERSION,
    takenAt,
    nodes: dumps.map(({ node, dump }) => pictureOf(node, dump, addresses)),
    objects: canonicalObjects(objects),
  };
}

export async function dumpNode(node: NodeHandle): Promise<NodeDump> {
  const { stdout } = await node.exec(['bash', '-c', NODE_SCRIPT], { timeoutMs: NODE_TIMEOUT_MS });
  return parseNodeDump(stdout);
}

/** The picture of one node; what `restoreNode` needs is kept as it came. */
export function pictureOf(node: string, dump: NodeDump, lineageByIp: Surroundings['lineageByIp']): NodeSnapshot {
  const { iptables, ip6tables, nft, hosts, resolver, sysctls, routes, rules, addresses, archive } = dump;
  return {
    node,
    tables: canonicalNode(dump, { lineageByIp, dnsPorts: dnsPortsOf(dump['dns-sockets']) }),
    raw: { iptables, ip6tables, nft, hosts, resolver, sysctls, routes, rules, addresses, archive },
  };
}

function addressesOf(objects: readonly KubeObject[]): Surroundings['lineageByIp'] {
  const ofKind = (kind: string): readonly KubeObject[] => objects.filter((object) => object.kind === kind);
  return lineageByIp(ofKind('Pod'), ofKind('ReplicaSet'));
}

async function listObjects(kube: KubeClient): Promise<readonly KubeObject[]> {
  const types = (await kube.resourceTypes()).filter(isPictured);
  const lists = await Promise.all(types.map((type) => listType(kube, type)));
  return lists.flat();
}

/** A kind may go between discovery and listing, when its definition is deleted. */
async function listType(kube: KubeClient, { apiVersion, kind }: ResourceType): Promise<readonly KubeObject[]> {
  try {
    return await kube.list(apiVersion, kind);
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return [];
    throw error;
  }
}
