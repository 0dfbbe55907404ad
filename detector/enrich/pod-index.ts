import type { ContainerRef } from './cgroup.ts';

/** The parts of a Pod object that are read here. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly hostPID?: boolean;
    readonly hostIPC?: boolean;
    readonly serviceAccountName?: string;
    readonly containers?: readonly ContainerSpec[];
    readonly initContainers?: readonly ContainerSpec[];
    readonly ephemeralContainers?: readonly ContainerSpec[];
    readonly volumes?: readonly { readonly name: string; readonly hostPath?: { readonly path: string } }[];
  };
  readonly status?: {
    readonly podIP?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly securityContext?: { readonly privileged?: boolean };
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
    readonly mountPropagation?: string;
  }[];
}

interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly imageID?: string;
  readonly containerID?: string;
  readonly state?: { readonly running?: { readonly startedAt?: string } };
}

export interface PodFacts {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly ip?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
  readonly hostNetwork: boolean;
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
}

export interface ContainerFacts {
  readonly name: string;
  /** Reference as the runtime resolved it, e.g. `docker.io/library/nginx:1.27`. */
  readonly image?: string;
  readonly imageId?: string;
  readonly privileged: boolean;
  readonly startedAtNs?: bigint;
  /** Folders of the node that the container has; the API names no source for other volumes. */
  readonly mounts: readonly Mount[];
}

export interface Mount {
  readonly source: string;
  readonly destination: string;
  readonly isWritable: boolean;
  /** As the runtime has it: `private`, `rslave`, `rshared`. */
  readonly propagation: string;
}

interface IndexedPod {
  readonly facts: PodFacts;
  readonly containers: ReadonlyMap<string, ContainerFacts>;
}

/** Where the kubelet keeps the name that a static pod's cgroup has. */
const STATIC_POD_HASH = 'kubernetes.io/config.hash';
/** Deleted pods that are still known: the last events of their processes come after the API has forgotten them. */
const KEPT_DELETED = 200;

/** The pods of this node as the API tells them, found by the names that their cgroups have. */
export class PodIndex {
  readonly #byUid = new Map<string, IndexedPod>();
  readonly #deleted = new Map<string, IndexedPod>();

  get size(): number {
    return this.#byUid.size;
  }

  /** Whether this node runs the API server, as a static pod: then it has an audit log. */
  hasApiServer(): boolean {
    return [...this.#byUid.values()].some(
      ({ facts }) => facts.namespace === 'kube-system' && facts.labels['component'] === 'kube-apiserver',
    );
  }

  set(pod: PodObject): void {
    const indexed = indexPod(pod);
    for (const key of keysOf(pod)) this.#byUid.set(key, indexed);
  }

  delete(pod: PodObject): void {
    for (const key of keysOf(pod)) this.#retire(key);
  }

  /** Replaces everything by a fresh list. */
  reset(pods: readonly PodObject[]): void {
    const listed = new Set(pods.flatMap(keysOf));
    for (const key of [...this.#byUid.keys()]) if (!listed.has(key)) this.#retire(key);
    for (const pod of pods) this.set(pod);
  }

  pod(ref: ContainerRef): PodFacts | undefined {
    return this.#find(ref)?.facts;
  }

  /** The uid of a pod by its name; a pod that was deleted has none any more. */
  uidOf(namespace: string, name: string): string | undefined {
    return [...this.#byUid.values()].find(({ facts }) => facts.name === name && facts.namespace === namespace)?.facts
      .uid;
  }

  /** Undefined also for a pod's sandbox, which the API does not tell. */
  container(ref: ContainerRef): ContainerFacts | undefined {
    return this.#find(ref)?.containers.get(ref.id);
  }

  #find({ podUid }: ContainerRef): IndexedPod | undefined {
    return this.#byUid.get(podUid) ?? this.#deleted.get(podUid);
  }

  #retire(key: string): void {
    const pod = this.#byUid.get(key);
    if (pod === undefined) return;
    this.#byUid.delete(key);
    this.#deleted.set(key, pod);
    const [oldest] = this.#deleted.keys();
    if (this.#deleted.size > KEPT_DELETED && oldest !== undefined) this.#deleted.delete(oldest);
  }
}

function keysOf({ metadata }: PodObject): readonly string[] {
  return [metadata.uid, metadata.annotations?.[STATIC_POD_HASH]].filter((key) => key !== undefined);
}

function indexPod({ metadata, spec = {}, status = {} }: PodObject): IndexedPod {
  const specs = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  const specOf = new Map(specs.map((container) => [container.name, container]));
  const statuses = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  const containers = statuses.flatMap((container) => {
    const id = idOf(container);
    return id === undefined
      ? []
      : [[id, containerFacts(container, specOf.get(container.name), spec.volumes ?? [])] as const];
  });
  return {
    facts: {
      name: metadata.name,
      namespace: metadata.namespace ?? 'default',
      uid: metadata.uid ?? '',
      ...(status.podIP === undefined ? {} : { ip: status.podIP }),
      labels: metadata.labels ?? {},
      ...(spec.serviceAccountName === undefined ? {} : { serviceAccount: spec.serviceAccountName }),
      hostNetwork: spec.hostNetwork ?? false,
      hostPid: spec.hostPID ?? false,
      hostIpc: spec.hostIPC ?? false,
    },
    containers: new Map(containers),
  };
}

/** `containerd://<64 digits>`; empty until the container has been created. */
function idOf({ containerID = '' }: ContainerStatus): string | undefined {
  return /^[a-z-]+:\/\/([0-9a-f]{64})$/.exec(containerID)?.[1];
}

type Volumes = NonNullable<NonNullable<PodObject['spec']>['volumes']>;

function containerFacts(status: ContainerStatus, spec: ContainerSpec | undefined, volumes: Volumes): ContainerFacts {
  const image = status.image ?? spec?.image;
  const startedAt = status.state?.running?.startedAt;
  return {
    name: status.name,
    ...(image === undefined ? {} : { image }),
    ...(status.imageID === undefined ? {} : { imageId: status.imageID }),
    privileged: spec?.securityContext?.privileged ?? false,
    mounts: mountsOf(spec, volumes),
    ...(startedAt === undefined ? {} : { startedAtNs: BigInt(Date.parse(startedAt)) * 1_000_000n }),
  };
}

const PROPAGATIONS: Readonly<Record<string, string>> = { HostToContainer: 'rslave', Bidirectional: 'rshared' };

function mountsOf(spec: ContainerSpec | undefined, volumes: Volumes): readonly Mount[] {
  const sources = new Map(volumes.map(({ name, hostPath }) => [name, hostPath?.path]));
  return (spec?.volumeMounts ?? []).flatMap(({ name, mountPath, readOnly, mountPropagation }) => {
    const source = sources.get(name);
    if (source === undefined) return [];
    const propagation = PROPAGATIONS[mountPropagation ?? ''] ?? 'private';
    return [{ source, destination: mountPath, isWritable: readOnly !== true, propagation }];
  });
}
