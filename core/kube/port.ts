/** Any Kubernetes object; code that looks inside narrows what it needs. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

/** Names one object, e.g. `{apiVersion: 'v1', kind: 'Pod', name: 'web-0', namespace: 'shop'}`. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface ListOptions {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ResourceType {
  readonly apiVersion: string;
  readonly kind: string;
  /** Plural, e.g. `pods`. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export type PatchKind = 'merge' | 'json' | 'strategic' | 'apply';

/**
 * Kubernetes as the rest of kubedrill sees it; only core/kube/client.ts knows the client library.
 * Every call fails with KubeError (status code and the API server's own words); `get` answers undefined for 404.
 */
export interface KubeClient {
  get<T extends KubeObject = KubeObject>(ref: ObjectRef): Promise<T | undefined>;
  list<T extends KubeObject = KubeObject>(
    apiVersion: string,
    kind: string,
    options?: ListOptions,
  ): Promise<readonly T[]>;
  create<T extends KubeObject = KubeObject>(object: T): Promise<T>;
  /** Server-side apply by the field manager `kubedrill`, with force. */
  apply(object: KubeObject): Promise<KubeObject>;
  replace(object: KubeObject): Promise<KubeObject>;
  patch(ref: ObjectRef, kind: PatchKind, body: unknown): Promise<KubeObject>;
  /** Also fine when the object does not exist. */
  delete(ref: ObjectRef, options?: { readonly graceSeconds?: number }): Promise<void>;
  /** Every kind that the API server lists, for the residue proof. */
  resourceTypes(): Promise<readonly ResourceType[]>;
  podLog(ref: {
    readonly namespace: string;
    readonly name: string;
    readonly container?: string;
    readonly previous?: boolean;
    readonly tailLines?: number;
    /** Only what was written since then. */
    readonly since?: Date;
    /** Each line begins with its time (RFC 3339) and a space. */
    readonly timestamps?: boolean;
  }): Promise<string>;
  /** Raw request below the API server's root, e.g. `GET /readyz`; answers the text and status, also for non-2xx. */
  raw(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly text: string }>;
}

/** Identity with which a KubeClient speaks. */
export interface KubeCredentials {
  /** A kubeconfig document as text. */
  readonly kubeconfig: string;
}
