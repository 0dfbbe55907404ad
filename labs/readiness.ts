import type { Addon, AddonProbe, CheckResult, KubeClient, KubeObject } from '../core/index.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

interface NodeObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface LeaseObject extends KubeObject {
  readonly spec?: { readonly renewTime?: string };
}

interface ContainerStatus {
  readonly name: string;
  /** False until a startup probe has succeeded. */
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly running?: { readonly startedAt?: string };
    readonly waiting?: { readonly reason?: string };
  };
}

interface PodObject extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** By then the kubelet has probed a static pod again that it forgot when kubeadm began it anew: 23 s after the start here. */
const FRESH_MS = 60_000;
/** On the API server's picture of a static pod. */
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
/** What fits on a line or two of a terminal. */
const SHOWN_CHECKS = 2;
const SHOWN_CHARACTERS = 140;

/** Every node registered and Ready. */
export async function nodeChecks(kube: KubeClient, nodeNames: readonly string[]): Promise<readonly CheckResult[]> {
  const objects = new Map((await kube.list<NodeObject>('v1', 'Node')).map((node) => [node.metadata.name, node]));
  return nodeNames.map((name) => {
    const condition = conditionOf(objects.get(name)?.status?.conditions, 'Ready');
    return {
      id: `node-${name}`,
      says: `node ${name} is Ready`,
      ok: condition?.status === 'True',
      observed: condition ? `Ready=${condition.status}${because(condition)}` : 'it has not registered',
    };
  });
}

/**
 * Every node's kubelet has renewed its lease since then. Of a cluster that was frozen the API tells for a while what was true before, and the nodes are
 * NotReady only after that.
 */
export async function leaseChecks(
  kube: KubeClient,
  nodeNames: readonly string[],
  since: Date,
): Promise<readonly CheckResult[]> {
  const leases = await kube.list<LeaseObject>('coordination.k8s.io/v1', 'Lease', { namespace: 'kube-node-lease' });
  const renewed = new Map(leases.map(({ metadata, spec }) => [metadata.name, spec?.renewTime ?? '']));
  return nodeNames.map((name) => {
    const renewTime = renewed.get(name) ?? '';
    return {
      id: `lease-${name}`,
      says: `the kubelet of ${name} is awake`,
      ok: Date.parse(renewTime) > since.getTime(),
      observed: renewTime === '' ? 'it has no lease' : `its lease was renewed at ${renewTime}`,
    };
  });
}

/**
 * Every pod of the namespaces Ready (or completed, or a static pod in its first minute before `now`), as one check a namespace. A
 * namespace without pods is not ready. Namespaces that have no static pods need no `now`.
 */
export async function podChecks(
  kube: KubeClient,
  namespaces: readonly string[],
  now?: Date,
): Promise<readonly CheckResult[]> {
  const pods = await kube.list<PodObject>('v1', 'Pod');
  return namespaces.map((namespace) => {
    const own = pods.filter((pod) => pod.metadata.namespace === namespace);
    const waiting = own.filter((pod) => !isReady(pod) && !isFreshStaticPod(pod, now));
    return {
      id: `pods-${namespace}`,
      says: `all pods in ${namespace} are Ready`,
      ok: own.length > 0 && waiting.length === 0,
      observed: `${String(own.length - waiting.length)} of ${String(own.length)} Ready${waiting.length === 0 ? '' : `; ${waiting.map(stateOf).join(', ')}`}`,
    };
  });
}

/** What the add-ons themselves say; one that fails to look is not ready, with its error as the observation. */
export async function addonChecks(addons: readonly Addon[], probe: AddonProbe): Promise<readonly CheckResult[]> {
  const results = await Promise.all(
    addons.map(async (addon) => {
      try {
        return await addon.ready(probe);
      } catch (error) {
        const observed = error instanceof Error ? error.message : String(error);
        return [{ id: addon.name, says: `${addon.name} is up`, ok: false, observed }];
      }
    }),
  );
  return results.flat();
}

/** The checks that are not ok, as one line that can be read: the first few, and how many more. */
export function unmet(checks: readonly CheckResult[]): string {
  const failing = checks.filter(({ ok }) => !ok);
  const shown = failing.slice(0, SHOWN_CHECKS).map(({ says, observed }) => `${says}: ${cut(observed)}`);
  const more = failing.length > SHOWN_CHECKS ? [`and ${String(failing.length - SHOWN_CHECKS)} more`] : [];
  return [...shown, ...more].join('; ');
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}

function isReady({ metadata, status }: PodObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return status?.phase === 'Succeeded' || conditionOf(status?.conditions, 'Ready')?.status === 'True';
}

/**
 * kubeadm's static pods are first probed 10 to 20 s after they began, and are not Ready before, however well they work: that the API server
 * answers, and that pods are made and placed, shows it sooner. Then kubeadm begins the kubelet anew, which forgets what it had probed: for a
 * second or two such a pod has started and is not Ready. One that has begun a second time has to pass its probes.
 */
function isFreshStaticPod({ metadata, status }: PodObject, now: Date | undefined): boolean {
  const containers = status?.containerStatuses ?? [];
  const isMirror = metadata.annotations?.[MIRROR_ANNOTATION] !== undefined;
  return isMirror && containers.length > 0 && containers.every((container) => isFresh(container, now));
}

function isFresh({ state, started, restartCount }: ContainerStatus, now: Date | undefined): boolean {
  if (state?.running === undefined || restartCount !== 0) return false;
  const ageMs = (now?.getTime() ?? Infinity) - Date.parse(state.running.startedAt ?? '');
  return started === false || ageMs < FRESH_MS;
}

function stateOf({ metadata, spec, status }: PodObject): string {
  const waiting = status?.containerStatuses?.find(({ state }) => state?.waiting !== undefined)?.state?.waiting;
  const why = waiting?.reason ?? status?.phase ?? 'unknown';
  return `${metadata.name} ${why}${spec?.nodeName === undefined ? ' (not placed)' : ` on ${spec.nodeName}`}`;
}

function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

function because({ message }: Condition): string {
  return message === undefined || message === '' ? '' : ` (${message})`;
}
