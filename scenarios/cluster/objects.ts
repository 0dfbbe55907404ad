import type { KubeObject, ObjectMeta, ObjectRef } from '../../core/index.ts';

/** The parts of Kubernetes objects that faults and checks read. */
export interface Pod extends KubeObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly readinessProbe?: object;
  readonly resources?: Readonly<Partial<Record<'limits' | 'requests', Readonly<Record<string, string>>>>>;
}

export interface ContainerStatus {
  readonly name: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly restartCount: number;
  readonly state?: {
    readonly running?: object;
    readonly terminated?: object;
    readonly waiting?: { readonly reason?: string };
  };
}

export interface Workload extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata?: Partial<ObjectMeta>;
      readonly spec: {
        readonly nodeSelector?: Readonly<Record<string, string>>;
        readonly containers: readonly Container[];
      };
    };
  };
  readonly status?: Readonly<Record<string, number | undefined>>;
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface EndpointSlice extends KubeObject {
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly nodeName?: string;
        readonly conditions?: { readonly ready?: boolean; readonly terminating?: boolean };
      }[]
    | null;
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly clusterIP?: string;
    readonly type?: string;
    readonly publishNotReadyAddresses?: boolean;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly protocol?: string;
      readonly nodePort?: number;
    }[];
  };
}

export interface Node extends KubeObject {
  readonly status?: Pick<NonNullable<Pod['status']>, 'conditions'>;
}

export interface Lease extends KubeObject {
  readonly spec: { readonly renewTime?: string };
}

export interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

export function refTo(apiVersion: string, kind: string, name: string, namespace?: string): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return refTo(apiVersion, kind, metadata.name, metadata.namespace);
}

/** The object as one would write it into a manifest: without what only the API server may set. */
export function asManifest<T extends KubeObject>(object: T): T {
  const rest = Object.fromEntries(Object.entries(object).filter(([field]) => field !== 'status'));
  const { name, namespace, labels, annotations, finalizers, ownerReferences } = object.metadata;
  const kept = { name, namespace, labels, annotations, finalizers, ownerReferences };
  const metadata = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  return { ...rest, metadata } as unknown as T;
}

/** Whether a pod or a node says that it is ready, and is not on its way out. */
export function isReady({ metadata, status: now }: Pod | Node): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (now?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')
  );
}

/** `a=b,c=d`, as list calls take it. */
export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
