import { createHash } from 'node:crypto';
import type { KubeClient, KubeObject } from '../../core/index.ts';
import { refOf, type Container, type Pod } from '../cluster/objects.ts';
import { OWN_NAMESPACES } from '../cluster/own-namespaces.ts';
import { GRADER_ACCESS } from './access.ts';

const KINDS = [
  ['apps/v1', 'DaemonSet'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
] as const;

/** What grades are made of, in the cluster: for each object a text that is another one once somebody has changed it. */
export type OwnParts = Readonly<Record<string, string>>;

/** Takes the probes', the detector's and the grader's objects as they are, also those whom no audit rule would tell of. */
export async function ownParts(kube: KubeClient): Promise<OwnParts> {
  const found = OWN_NAMESPACES.flatMap((namespace) => [
    ...KINDS.map(async ([apiVersion, kind]) => {
      const objects = await kube.list<Part>(apiVersion, kind, { namespace });
      return objects.map((object) => [nameOf(object, object.metadata.name), fingerprint(object)] as const);
    }),
    podImages(kube, namespace),
  ]);
  const access = GRADER_ACCESS.map(async (own) => {
    const object = await kube.get<Part>(refOf(own));
    return object === undefined ? [] : [[nameOf(own, own.metadata.name), fingerprint(object)] as const];
  });
  return Object.fromEntries((await Promise.all([...found, ...access])).flat());
}

/** Sentences on what differs. A pod may be away (its node may be broken), but not run something else. */
export function changedParts(before: OwnParts, now: OwnParts): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [old, is] = [before[name], now[name]];
    if (old === is) return [];
    if (old === undefined) return [`${name} is new`];
    if (is === undefined) return name.startsWith('Pod ') ? [] : [`${name} is gone`];
    return [`${name} was changed`];
  });
}

type Part = KubeObject & Readonly<Record<string, unknown>>;

function nameOf({ kind, metadata: { namespace } }: KubeObject, name: string): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** The generation too: a change that was taken back is one. */
function fingerprint({ metadata, ...rest }: Part): string {
  const content = Object.entries(rest).filter(([field]) => field !== 'status');
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  return [metadata.uid ?? '', String(metadata.generation ?? 0), hash].join(' ');
}

/** By owner and node, since pods come and go. */
async function podImages(kube: KubeClient, namespace: string): Promise<readonly (readonly [string, string])[]> {
  const pods = await kube.list<Pod>('v1', 'Pod', { namespace });
  return pods.map((pod) => {
    const owner = pod.metadata.ownerReferences?.[0]?.name;
    const name = owner === undefined ? pod.metadata.name : `${owner} on ${pod.spec.nodeName ?? 'no node'}`;
    return [nameOf(pod, name), imagesOf(pod)] as const;
  });
}

function imagesOf({ spec }: Pod): string {
  const images = (containers: readonly Container[] = []): string =>
    containers.map(({ name, image }) => `${name}=${image}`).join(' ');
  return `${images(spec.containers)} ${images(spec.ephemeralContainers)}`;
}
