import { fieldsOf, type FieldOptions, type FieldRow } from '../field-info.ts';

const MOUNT: FieldOptions = { argument: 'required' };
const KEY: FieldOptions = { argument: 'required', argumentKind: 'key' };
const GONE: FieldOptions = { isDeprecated: true };
const GONE_KEY: FieldOptions = { ...KEY, isDeprecated: true };

/** Where: the container, its image, the pod and its namespace. */
export const CONTAINER_FIELDS = fieldsOf(
  ['syscall'],
  [
    ['container.id', 'CHARBUF', 'first 12 characters of the container id; host outside of containers'],
    ['container.full_id', 'CHARBUF', 'whole container id'],
    ['container.name', 'CHARBUF', 'container name; host outside of containers'],
    ['container.image', 'CHARBUF', 'image reference: docker.io/library/nginx:1.27'],
    ['container.image.id', 'CHARBUF', 'image id'],
    ['container.type', 'CHARBUF', 'engine: containerd, docker, cri-o, …'],
    ['container.privileged', 'BOOL', 'true for a privileged container'],
    ['container.mounts', 'CHARBUF', 'all mounts, source:dest:mode:rdwr:propagation each, separated by blanks'],
    ['container.mount', 'CHARBUF', 'one mount by number or source, which may be a glob', MOUNT],
    ['container.mount.source', 'CHARBUF', 'source of a mount by number or destination', MOUNT],
    ['container.mount.dest', 'CHARBUF', 'destination of a mount by number or source', MOUNT],
    ['container.mount.mode', 'CHARBUF', 'mode of a mount', MOUNT],
    ['container.mount.rdwr', 'CHARBUF', 'true for a writable mount', MOUNT],
    ['container.mount.propagation', 'CHARBUF', 'propagation of a mount', MOUNT],
    ['container.image.repository', 'CHARBUF', 'image reference without tag and digest'],
    ['container.image.tag', 'CHARBUF', 'tag of the image'],
    ['container.image.digest', 'CHARBUF', 'digest of the image'],
    ['container.healthcheck', 'CHARBUF', 'no longer filled', GONE],
    ['container.liveness_probe', 'CHARBUF', 'no longer filled', GONE],
    ['container.readiness_probe', 'CHARBUF', 'no longer filled', GONE],
    ['container.start_ts', 'ABSTIME', 'start of the container, nanoseconds since 1970'],
    ['container.duration', 'RELTIME', 'nanoseconds since the container started'],
    ['container.ip', 'CHARBUF', 'first IPv4 address of the container or its pod'],
    ['container.cni.json', 'CHARBUF', 'result of the network plugin, as JSON'],
    ['container.host_pid', 'BOOL', 'true when the container shares the PID namespace of the node'],
    ['container.host_network', 'BOOL', 'true when the container shares the network of the node'],
    ['container.host_ipc', 'BOOL', 'true when the container shares the IPC namespace of the node'],
    ['container.label', 'CHARBUF', 'one container label: container.label.app', KEY],
    ['container.labels', 'CHARBUF', 'all container labels, key:value, with commas'],
    ['proc.is_container_healthcheck', 'BOOL', 'no longer filled', GONE],
    ['proc.is_container_liveness_probe', 'BOOL', 'no longer filled', GONE],
    ['proc.is_container_readiness_probe', 'BOOL', 'no longer filled', GONE],
    ['k8s.pod.name', 'CHARBUF', 'pod name'],
    ['k8s.ns.name', 'CHARBUF', 'namespace of the pod'],
    ['k8s.pod.id', 'CHARBUF', 'older name of k8s.pod.uid'],
    ['k8s.pod.uid', 'CHARBUF', 'uid of the pod object'],
    ['k8s.pod.sandbox_id', 'CHARBUF', 'first 12 characters of the id of the pod sandbox'],
    ['k8s.pod.full_sandbox_id', 'CHARBUF', 'whole id of the pod sandbox'],
    ['k8s.pod.label', 'CHARBUF', 'one pod label: k8s.pod.label[app]', KEY],
    ['k8s.pod.labels', 'CHARBUF', 'all pod labels, key:value, with commas'],
    ['k8s.pod.ip', 'CHARBUF', 'address of the pod'],
    ['k8s.pod.cni.json', 'CHARBUF', 'result of the network plugin for the pod, as JSON'],
    ...['rc', 'svc', 'rs', 'deployment'].flatMap((kind): FieldRow[] => [
      [`k8s.${kind}.name`, 'CHARBUF', 'no longer filled', GONE],
      ...retired(kind),
    ]),
    ...retired('ns'),
  ],
);

function retired(kind: string): readonly FieldRow[] {
  return [
    [`k8s.${kind}.id`, 'CHARBUF', 'no longer filled', GONE],
    [`k8s.${kind}.label`, 'CHARBUF', 'no longer filled', GONE_KEY],
    [`k8s.${kind}.labels`, 'CHARBUF', 'no longer filled', GONE],
  ];
}
