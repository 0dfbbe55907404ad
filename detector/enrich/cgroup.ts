/** The container that a cgroup belongs to. */
export interface ContainerRef {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Uid of the pod as the kubelet names its cgroup: for static pods a hash, not the uid of the mirror pod. */
  readonly podUid: string;
}

/**
 * Reads container and pod out of a cgroup path, as the kubelet lays them out: with the cgroupfs driver
 * `…/kubepods/burstable/pod<uid>/<id>`, with the systemd driver `…/kubepods-burstable-pod<uid>.slice/cri-containerd-<id>.scope`.
 * A node of the lab is a container itself, and nodes may hold other containers that are no pod's: both count as host,
 * so a path without a pod names no container. Deeper cgroups, made inside the container, belong to it.
 */
export function containerOfCgroup(path: string): ContainerRef | undefined {
  const found = LAYOUTS.map((layout) => layout.exec(path)).find((match) => match !== null);
  const [, uid, id] = found ?? [];
  if (uid === undefined || id === undefined) return undefined;
  // systemd takes dashes for levels of slices, so the kubelet writes underscores.
  return { id, podUid: uid.replaceAll('_', '-') };
}

const UID = '([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})';
const ID = '([0-9a-f]{64})';
const SLICE = `/(?:kubelet-)?kubepods(?:-burstable|-besteffort)?-pod${UID}\\.slice`;
const LAYOUTS = [
  new RegExp(`/kubepods(?:/burstable|/besteffort)?/pod${UID}/${ID}(?:/|$)`),
  new RegExp(`${SLICE}/(?:[a-z-]+-)?${ID}\\.scope(?:/|$)`),
  // What containerd makes of it when its driver and the kubelet's differ.
  new RegExp(`${SLICE}:[a-z-]+:${ID}(?:/|$)`),
];
