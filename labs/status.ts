import { API_VERSION, type CheckResult, type KubeClient } from '../core/index.ts';
import { addonsOf } from './addons/registry.ts';
import { egressGuardStatus } from './egress/index.ts';
import { withEngine } from './engine/require.ts';
import { labNames, labParts, type LabParts } from './find.ts';
import { labFolder } from './names.ts';
import { whatIsMissing } from './open-session.ts';
import { addonChecks, nodeChecks, podChecks } from './readiness.ts';
import { readRecord } from './record.ts';
import type { LabDeps, LabRecord, Session } from './session.ts';

/** A lab as the engine and the state folder show it. */
export interface LabSummary {
  readonly name: string;
  /** `broken`: only a part of it is left (`observed` says which); `up` builds it anew, `down` removes it. */
  readonly state: 'running' | 'paused' | 'stopped' | 'broken';
  readonly observed: string;
  readonly record?: LabRecord;
}

/** What `status --json` prints. */
export interface LabStatus {
  readonly apiVersion: string;
  readonly lab: LabRecord;
  readonly ready: boolean;
  readonly checks: readonly CheckResult[];
  readonly nodes: readonly {
    readonly name: string;
    readonly role: string;
    readonly ready: boolean;
    readonly ipv4: string;
  }[];
  readonly kubeconfigFile: string;
  /** URLs of the front door on the host, where the lab has one. */
  readonly frontDoor?: { readonly http: string; readonly https: string };
}

/** Every lab of kubedrill's on this machine, by label and by state folder. */
export async function listLabs(deps: Pick<LabDeps, 'runner' | 'paths'>): Promise<readonly LabSummary[]> {
  return withEngine(deps, async () => Promise.all((await labNames(deps)).map((name) => summaryOf(deps, name))));
}

/** Looks once at nodes, add-ons, keeper and egress guard of an open lab. */
export async function labStatus(session: Session): Promise<LabStatus> {
  const { lab, nodes, kubeconfigFile } = session;
  const checks = (await Promise.all([clusterChecks(session), ownChecks(session), guardChecks(session)])).flat();
  return {
    apiVersion: API_VERSION,
    lab,
    ready: checks.every(({ ok }) => ok),
    checks,
    nodes: nodes.map(({ name, role, addresses }) => ({
      name,
      role,
      ready: checks.some(({ id, ok }) => id === `node-${name}` && ok),
      ipv4: addresses.ipv4,
    })),
    kubeconfigFile,
    ...frontDoorUrls(lab),
  };
}

async function summaryOf({ runner, paths }: Pick<LabDeps, 'runner' | 'paths'>, name: string): Promise<LabSummary> {
  const record = await readRecord(labFolder(paths, name)).catch(() => undefined);
  const parts = await labParts(runner, record?.cluster ?? name);
  if (record === undefined)
    return { name, state: 'broken', observed: 'it was not brought up to the end, or its state folder is gone' };
  const missing = whatIsMissing(record, parts);
  if (missing === undefined) return { name, state: 'running', observed: `${String(parts.nodes.length)} nodes`, record };
  return { name, state: stateOf(parts), observed: missing, record };
}

function stateOf({ nodes }: LabParts): LabSummary['state'] {
  const states = new Set(nodes.map(({ state }) => state));
  if (states.size !== 1 || states.has('running')) return 'broken';
  return states.has('paused') ? 'paused' : 'stopped';
}

/** Nodes and the system's own pods; an API server that does not answer is one failed check, not an error. */
async function clusterChecks({ kube, addonContext, clock }: Session): Promise<readonly CheckResult[]> {
  const api = await apiCheck(kube);
  if (!api.ok) return [api];
  const checks = await Promise.all([
    nodeChecks(kube, addonContext.nodeNames),
    podChecks(kube, ['kube-system'], clock.now()),
  ]);
  return [api, ...checks.flat()];
}

async function apiCheck(kube: KubeClient): Promise<CheckResult> {
  const says = 'the API server answers';
  try {
    const { status, text } = await kube.raw('GET', '/readyz');
    return { id: 'api', says, ok: status === 200, observed: `${String(status)} ${text.slice(0, 200)}` };
  } catch (error) {
    return { id: 'api', says, ok: false, observed: error instanceof Error ? error.message : String(error) };
  }
}

function ownChecks(session: Session): Promise<readonly CheckResult[]> {
  const { addonContext, kube, channel, nodes, keeper, lab } = session;
  return addonChecks(addonsOf(lab.addons), { ...addonContext, kube, channel, nodes, keeper });
}

async function guardChecks(session: Session): Promise<readonly CheckResult[]> {
  const { lab } = session;
  if (!lab.egressGuard) return [];
  const says = 'nothing of the lab leaves this machine';
  try {
    const { ok, families } = await egressGuardStatus(session, {
      networkName: lab.network.name,
      bridge: lab.network.bridge,
      toolboxImage: lab.images.toolbox,
    });
    const observed = families.map((family) => `${family.family}: ${family.observed}`).join('; ');
    return [{ id: 'egress-guard', says, ok, observed }];
  } catch (error) {
    return [{ id: 'egress-guard', says, ok: false, observed: error instanceof Error ? error.message : String(error) }];
  }
}

function frontDoorUrls({ frontDoor }: LabRecord): Pick<LabStatus, 'frontDoor'> {
  if (frontDoor === undefined) return {};
  const url = (scheme: string, port: number): string => `${scheme}://127.0.0.1:${String(port)}`;
  return { frontDoor: { http: url('http', frontDoor.httpPort), https: url('https', frontDoor.httpsPort) } };
}
