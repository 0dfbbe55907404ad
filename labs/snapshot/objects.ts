import { createHash } from 'node:crypto';
import type { KubeObject, ResourceType } from '../../core/index.ts';
import { fieldsOf, isFields, listOf, omit, sorted, textOf, type Fields } from './fields.ts';
import { controllerOf, lineageOf } from './lineage.ts';
import type { LabSnapshot } from './types.ts';

/**
 * Kinds that follow others or the clock by themselves: events, leases, the addresses given to Services, and views that are
 * computed when asked for.
 */
const FOLLOWING = new Set([
  'Event',
  'Lease',
  'LeaseCandidate',
  'IPAddress',
  'ComponentStatus',
  'PodMetrics',
  'NodeMetrics',
  'StorageVersion',
  'CSIStorageCapacity',
]);

/** Annotations and fields that tell how or when an object was managed, and do nothing. */
const BOOKKEEPING = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubectl.kubernetes.io/restartedAt',
  'kubernetes.io/change-cause',
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'node.alpha.kubernetes.io/ttl',
  'endpoints.kubernetes.io/last-change-trigger-time',
  'creationTimestamp',
]);

export function isPictured(type: ResourceType): boolean {
  return type.verbs.includes('list') && !FOLLOWING.has(type.kind);
}

/** `apiVersion/Kind/namespace/name`; cluster-wide objects have an empty namespace. */
export function objectKey({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

/**
 * All objects of a cluster as canonical JSON by key. Left out: what a controller made (it follows its owner), and endpoints
 * that follow a Service's selector. Pods of controllers are one entry per owner, with whatever tells one pod from its
 * template (labels, ephemeral containers, images).
 */
export function canonicalObjects(objects: readonly KubeObject[]): Readonly<Record<string, string>> {
  const selecting = new Set(objects.filter(hasSelector).map(({ metadata }) => nameOf(metadata)));
  const entries = objects
    .filter((object) => controllerOf(object) === undefined && !follows(object, selecting))
    .map((object) => [objectKey(object), canonicalObject(object)] as const);
  const all = new Map([...entries, ...controlledPods(objects)]);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One object without what the API server or a clock writes: keys sorted, secrets as hashes. */
export function canonicalObject(object: KubeObject): string {
  return JSON.stringify(sorted(withoutVolatile(KIND_SHAPES[object.kind]?.(object) ?? object)));
}

/** What a pod shows beyond its controller's template; pods of one controller that are alike give the same text. */
function podTraits(pod: KubeObject): string {
  const spec = fieldsOf(pod['spec']);
  const containers = [...listOf(spec['initContainers']), ...listOf(spec['containers'])];
  const { metadata } = withoutVolatile(pod) as { readonly metadata: Fields };
  return JSON.stringify(
    sorted({
      labels: Object.fromEntries(
        Object.entries(fieldsOf(metadata['labels'])).filter(
          ([label]) => !/hash$|pod-name$|pod-index$|uid$|generation$/.test(label),
        ),
      ),
      images: containers.map((container) => `${textOf(container['name'])}=${textOf(container['image'])}`),
      ephemeralContainers: listOf(spec['ephemeralContainers']).map((container) => textOf(container['name'])),
    }),
  );
}

/** Key of the entry that stands for all pods of one controller, e.g. `v1/Pod/shop/pods of Deployment web`. */
function podGroupKey(pod: KubeObject, replicaSets: readonly KubeObject[]): string {
  const [namespace = '', kind = '', name = ''] = lineageOf(pod, replicaSets).split('/');
  return `v1/Pod/${namespace}/pods of ${kind} ${name}`;
}

/**
 * Pods of controllers that are not as those of the picture: their controller is not in it, or their labels, images or containers are not.
 * `objects` are pods and ReplicaSets. Those of static pods are left out: their manifests are files.
 */
export function foreignPods(
  { objects: saved }: Pick<LabSnapshot, 'objects'>,
  objects: readonly KubeObject[],
): readonly KubeObject[] {
  const replicaSets = objects.filter(({ kind }) => kind === 'ReplicaSet');
  return objects.filter((object) => {
    const owner = object.kind === 'Pod' ? controllerOf(object)?.kind : undefined;
    if (owner === undefined || owner === 'Node' || object.metadata.deletionTimestamp !== undefined) return false;
    const group = saved[podGroupKey(object, replicaSets)];
    const { pods } = JSON.parse(group ?? '{"pods":[]}') as { readonly pods: readonly unknown[] };
    return !pods.some((traits) => JSON.stringify(traits) === podTraits(object));
  });
}

function controlledPods(objects: readonly KubeObject[]): readonly (readonly [string, string])[] {
  const replicaSets = objects.filter(({ kind }) => kind === 'ReplicaSet');
  const groups = new Map<string, Set<string>>();
  for (const pod of objects.filter(({ kind }) => kind === 'Pod')) {
    if (controllerOf(pod) === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    const key = podGroupKey(pod, replicaSets);
    groups.set(key, (groups.get(key) ?? new Set()).add(podTraits(pod)));
  }
  return [...groups].map(
    ([key, traits]) =>
      [key, JSON.stringify({ pods: [...traits].sort().map((one) => JSON.parse(one) as unknown) })] as const,
  );
}

function follows(object: KubeObject, selecting: ReadonlySet<string>): boolean {
  const { kind, metadata } = object;
  if (kind === 'Endpoints') return selecting.has(nameOf(metadata));
  // Kubelets ask for certificates, and answered requests are removed after an hour.
  if (kind === 'CertificateSigningRequest')
    return /^system:(node|bootstrap):/.test(textOf(fieldsOf(object['spec'])['username']));
  return false;
}

function hasSelector(object: KubeObject): boolean {
  return object.kind === 'Service' && Object.keys(fieldsOf(fieldsOf(object['spec'])['selector'])).length > 0;
}

function nameOf({ namespace, name }: KubeObject['metadata']): string {
  return `${namespace ?? ''}/${name}`;
}

/** Kinds of which only a part counts, or whose content must not be kept in clear. */
const KIND_SHAPES: Readonly<Record<string, (object: KubeObject) => Fields>> = {
  Secret: (object) =>
    textOf(object['type']) === 'bootstrap.kubernetes.io/token'
      ? { ...object, data: hashes(object['data']), expires: fromBase64(fieldsOf(object['data'])['expiration']) }
      : { ...object, data: hashes(object['data']) },
  ConfigMap: (object) => (object.metadata.name === 'cluster-info' ? withoutTokenSignatures(object) : object),
  Node: (object) => {
    const spec = fieldsOf(object['spec']);
    const { podCIDR, podCIDRs, providerID, unschedulable } = spec;
    const taints = listOf(spec['taints']).map((taint) => JSON.stringify(sorted(omit(taint, ['timeAdded']))));
    return {
      metadata: object.metadata,
      spec: {
        podCIDR,
        podCIDRs,
        providerID,
        unschedulable,
        taints: taints.sort().map((taint) => JSON.parse(taint) as unknown),
      },
    };
  },
  Pod: (object) =>
    JSON.parse(JSON.stringify(object).replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access')) as Fields,
  PersistentVolume: (object) => {
    const spec = fieldsOf(object['spec']);
    const claimRef = omit(fieldsOf(spec['claimRef']), ['uid', 'resourceVersion']);
    return { ...object, spec: { ...spec, claimRef } };
  },
  CustomResourceDefinition: (object) => {
    const spec = fieldsOf(object['spec']);
    const versions = listOf(spec['versions']).map((version) => ({ ...version, schema: hash(version['schema']) }));
    return { ...object, spec: { ...spec, versions } };
  },
};

/** `kubeadm init` signs this ConfigMap with each bootstrap token, and the signature goes when the token expires. */
function withoutTokenSignatures(object: KubeObject): Fields {
  const data = Object.entries(fieldsOf(object['data'])).filter(([key]) => !key.startsWith('jws-kubeconfig-'));
  return { ...object, data: Object.fromEntries(data) };
}

function withoutVolatile(object: Fields): Fields {
  const rest = omit(object, ['status', 'apiVersion', 'kind']);
  return { ...withoutBookkeeping(rest), metadata: canonicalMetadata(fieldsOf(rest['metadata'])) };
}

function canonicalMetadata(metadata: Fields): Fields {
  const owners = listOf(metadata['ownerReferences']).map(({ kind, name }) => ({ kind, name }));
  return {
    name: metadata['name'],
    namespace: metadata['namespace'],
    labels: withoutBookkeeping(fieldsOf(metadata['labels'])),
    annotations: withoutBookkeeping(fieldsOf(metadata['annotations'])),
    finalizers: Array.isArray(metadata['finalizers']) ? [...(metadata['finalizers'] as unknown[])].sort() : undefined,
    ownerReferences: owners.length === 0 ? undefined : owners,
    terminating: metadata['deletionTimestamp'] === undefined ? undefined : true,
  };
}

/** Takes bookkeeping out at every depth: a pod template carries annotations, too. */
function withoutBookkeeping(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([key]) => !BOOKKEEPING.has(key))
      .map(([key, value]) => [key, isFields(value) ? withoutBookkeeping(value) : value]),
  );
}

function hashes(data: unknown): Fields {
  return Object.fromEntries(Object.entries(fieldsOf(data)).map(([key, value]) => [key, hash(value)]));
}

function hash(value: unknown): string {
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex')
    .slice(0, 16)}`;
}

function fromBase64(value: unknown): string {
  return Buffer.from(textOf(value), 'base64').toString('utf8');
}
