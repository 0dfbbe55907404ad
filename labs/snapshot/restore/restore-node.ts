import { elapsedMs, KubedrillError, type KubeClient, type NodeHandle } from '../../../core/index.ts';
import { ruleDifferences } from '../../../network/index.ts';
import { dumpNode, type SnapshotSession } from '../take-snapshot.ts';
import type { LabSnapshot } from '../types.ts';
import { askCluster } from './cluster-now.ts';
import { replaceHostPortPods, restartKubeProxy } from './owners.ts';
import { CONFIGURATION_TABLES } from './configuration-plan.ts';
import { planRestore, type RestorePlan } from './plan.ts';
import { restoreConfiguration } from './restore-configuration.ts';

export interface RestoreOutcome {
  readonly node: string;
  /** What differed at first, one line each; empty when there was nothing to do. */
  readonly restored: readonly string[];
  readonly kubeProxyRestarted: boolean;
  /** Lines that still differ: of kube-proxy, when Services or endpoints are not as they were, and of what nobody restores. */
  readonly left: readonly string[];
}

const INTERVAL_MS = 400;
const EXEC_TIMEOUT_MS = 40_000;
/** A run can collide with an owner who puts the same rule back at the same time; then the next look plans anew. */
const MAX_RUNS = 5;
/** In that time kube-proxy writes by itself what follows from a change of Services or endpoints. */
const FOLLOW_MS = 1_500;
/** A restarted owner has written its rules after 2 to 5 s; what differs then follows from the API's objects. */
const OWNERS_MS = 20_000;

/**
 * Puts a node's configuration files and services, packet rules, routes, addresses, sysctls, hosts and resolver files back to
 * its picture: what is missing comes back, what is foreign goes, what is newer stays. Where Services or endpoints have changed since, kube-proxy writes its
 * own rules (it is restarted), and the CNI those of a newer pod with host ports (the pod is replaced); so put the API's
 * objects back first. `tables` limits the work to some canonical tables, e.g. `['ip nat']`.
 * Doing it again changes nothing. Fails when the node's own part does not become as it was.
 */
export async function restoreNode(
  session: SnapshotSession,
  node: NodeHandle,
  snapshot: LabSnapshot,
  tables?: readonly string[],
): Promise<RestoreOutcome> {
  const saved = snapshot.nodes.find((picture) => picture.node === node.name);
  if (!saved) throw noPicture(node.name);
  const [ofConfiguration, ofNetwork] = split(tables);
  const configuration = ofConfiguration.length === 0 ? [] : await restoreConfiguration(node, saved, ofConfiguration);
  if (ofNetwork?.length === 0) return { node: node.name, restored: configuration, kubeProxyRestarted: false, left: [] };
  const look = async (): Promise<RestorePlan> => {
    const [dump, cluster] = await Promise.all([dumpNode(node), askCluster(session.kube)]);
    return planRestore({ saved, dump, cluster, ...(ofNetwork === undefined ? {} : { tables: ofNetwork }) });
  };

  const first = await look();
  const applied = await applyUntilDone(node, first, look);
  const { last, kubeProxyRestarted } = await letOwnersWrite(session, node, applied, look);
  if (first.script !== '' || first.needsKubeProxy) await forgetUdpFlows(node);
  return {
    node: node.name,
    restored: [...configuration, ...first.differences],
    kubeProxyRestarted,
    left: last.differences,
  };
}

/** The tables of a node's configuration among these, and the others; undefined stands for all that there are. */
function split(tables: readonly string[] | undefined): readonly [readonly string[], readonly string[] | undefined] {
  const isConfiguration = (table: string): boolean => CONFIGURATION_TABLES.includes(table);
  if (tables === undefined) return [CONFIGURATION_TABLES, undefined];
  return [tables.filter(isConfiguration), tables.filter((table) => !isConfiguration(table))];
}

/** Runs plans until there is nothing more to run; answers the last one. */
async function applyUntilDone(
  node: NodeHandle,
  first: RestorePlan,
  look: () => Promise<RestorePlan>,
): Promise<RestorePlan> {
  let plan = first;
  for (let run = 0; plan.script !== ''; run++) {
    const options = { input: plan.script, okExitCodes: [0, 1], timeoutMs: EXEC_TIMEOUT_MS };
    const { stderr } = await node.exec(['bash', '-s'], options);
    plan = await look();
    if (plan.script !== '' && run === MAX_RUNS) throw notRestored(node.name, plan, stderr.trim());
  }
  return plan;
}

async function letOwnersWrite(
  { kube, clock }: SnapshotSession,
  node: NodeHandle,
  applied: RestorePlan,
  look: () => Promise<RestorePlan>,
): Promise<{ readonly last: RestorePlan; readonly kubeProxyRestarted: boolean }> {
  const startNs = clock.monotonicNs();
  let last = applied;
  let kubeProxyRestarted = false;
  await replaceHostPortPods(kube, node.name, last.lostHostPorts);
  while (last.needsKubeProxy || last.lostHostPorts.length > 0) {
    if (elapsedMs(startNs, clock.monotonicNs()) > OWNERS_MS) break;
    const isDue = last.needsKubeProxy && !kubeProxyRestarted && elapsedMs(startNs, clock.monotonicNs()) >= FOLLOW_MS;
    if (isDue && (await isKubeProxyBehind(kube, node)))
      kubeProxyRestarted = await restartKubeProxy(kube, node.name, clock);
    await clock.sleep(INTERVAL_MS);
    last = await look();
  }
  return { last, kubeProxyRestarted };
}

/** Not where its rules are right for the Services of now: then the pods behind them are still to come. */
async function isKubeProxyBehind(kube: KubeClient, node: NodeHandle): Promise<boolean> {
  const [found] = await ruleDifferences({ kube, nodes: [node] });
  return found === undefined || found.trouble !== undefined || found.differences.length > 0;
}

/**
 * A UDP flow that began while the rules were away stays without translation for as long as its client asks again: the
 * connection table has to forget it. TCP flows are left alone.
 */
async function forgetUdpFlows(node: NodeHandle): Promise<void> {
  await node.exec(['bash', '-c', 'conntrack -D -p udp >/dev/null 2>&1 || true'], { timeoutMs: EXEC_TIMEOUT_MS });
}

function noPicture(node: string): KubedrillError {
  return new KubedrillError({
    what: `node ${node} cannot be restored`,
    why: 'the picture that was taken before the run does not hold it',
    hint: 'kubedrill down, then kubedrill up, makes a fresh lab',
  });
}

function notRestored(node: string, { differences }: RestorePlan, says: string): KubedrillError {
  const shown = differences.slice(0, 5).join('; ');
  const more = differences.length > 5 ? ` and ${String(differences.length - 5)} more` : '';
  return new KubedrillError({
    what: `node ${node} did not become as it was before the run`,
    why: `${shown}${more}${says === '' ? '' : `; last words: ${says}`}`,
    hint: 'run the command again; kubedrill down, then kubedrill up, makes a fresh lab',
  });
}
