import { compileGlob } from '../../filter/glob.ts';
import { parseImageReference } from '../image-reference.ts';
import type { ContainerRef } from '../cgroup.ts';
import type { Mount } from '../pod-index.ts';
import type { FieldReader, SyscallEvent } from '../syscall-event.ts';

/** Where: container, image, pod and namespace. What runs on the node outside of pods is `host`. */
export const CONTAINER_FIELDS: Readonly<Record<string, FieldReader>> = {
  'container.id': ({ process: { container } }) => (container === undefined ? HOST : shortId(container)),
  'container.full_id': (event) => event.process.container?.id ?? HOST,
  'container.name': (event) => (isHost(event) ? HOST : event.container()?.name),
  'container.image': (event) => event.container()?.image,
  'container.image.repository': (event) => image(event)?.repository,
  'container.image.tag': (event) => image(event)?.tag,
  'container.image.digest': (event) => {
    const id = event.container()?.imageId;
    return id === undefined ? undefined : parseImageReference(id).digest;
  },
  'container.privileged': (event) => event.container()?.privileged,
  'container.start_ts': (event) => event.container()?.startedAtNs,
  'container.duration': (event) => {
    const startedAtNs = event.container()?.startedAtNs;
    return startedAtNs === undefined ? undefined : Number(event.timeNs - startedAtNs);
  },
  'container.mounts': (event) => {
    const mounts = event.container()?.mounts ?? [];
    return mounts.length === 0 ? undefined : mounts.map(mountText).join(' ');
  },
  'container.mount': mount('source', mountText),
  'container.mount.source': mount('destination', ({ source }) => source),
  'container.mount.dest': mount('source', ({ destination }) => destination),
  'container.mount.rdwr': mount('source', ({ isWritable }) => String(isWritable)),
  'container.mount.propagation': mount('source', ({ propagation }) => propagation),
  'container.ip': (event) => event.pod()?.ip,
  'container.host_pid': (event) => event.pod()?.hostPid,
  'container.host_network': (event) => event.pod()?.hostNetwork,
  'container.host_ipc': (event) => event.pod()?.hostIpc,
  'k8s.pod.name': (event) => event.pod()?.name,
  'k8s.ns.name': (event) => event.pod()?.namespace,
  'k8s.pod.uid': (event) => event.pod()?.uid,
  'k8s.pod.id': (event) => event.pod()?.uid,
  'k8s.pod.ip': (event) => event.pod()?.ip,
  'k8s.pod.label': (event, key) => (key === undefined ? undefined : event.pod()?.labels[key]),
  'k8s.pod.labels': (event) => {
    const labels = Object.entries(event.pod()?.labels ?? {});
    return labels.length === 0 ? undefined : labels.map(([key, value]) => `${key}:${value}`).join(', ');
  },
};

/** The mount of a number, or the first whose source (or destination) is a path or fits a glob; `N/A` where none does. */
function mount(key: 'source' | 'destination', read: (mount: Mount) => string): FieldReader {
  return (event, which) => {
    const mounts = event.container()?.mounts;
    if (mounts === undefined || which === undefined) return undefined;
    const found = /^\d+$/.test(which) ? mounts[Number(which)] : mounts.find((one) => globFor(which)(one[key]));
    return found === undefined ? NO_MOUNT : read(found);
  };
}

/** The globs of the rules, each compiled once. */
const globs = new Map<string, (text: string) => boolean>();

function globFor(pattern: string): (text: string) => boolean {
  const known = globs.get(pattern);
  if (known !== undefined) return known;
  const test = compileGlob(pattern);
  globs.set(pattern, test);
  return test;
}

function mountText({ source, destination, isWritable, propagation }: Mount): string {
  return [source, destination, '', String(isWritable), propagation].join(':');
}

/** A text and not a missing value: rules compare with it. */
const NO_MOUNT = 'N/A';
export const HOST = 'host';
const SHORT_ID = 12;

export function shortId({ id }: ContainerRef): string {
  return id.slice(0, SHORT_ID);
}

function isHost(event: SyscallEvent): boolean {
  return event.process.container === undefined;
}

function image(event: SyscallEvent): { readonly repository: string; readonly tag?: string } | undefined {
  const reference = event.container()?.image;
  return reference === undefined ? undefined : parseImageReference(reference);
}
