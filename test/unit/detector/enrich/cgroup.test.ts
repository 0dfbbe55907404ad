import { containerOfCgroup } from '../../../../detector/enrich/cgroup.ts';

const UID = '5f0b9f0e-3c5e-4c43-8f3a-0a4c1d2e3f40';
const SLICE_UID = UID.replaceAll('-', '_');
const STATIC = '0123456789abcdef0123456789abcdef';
const ID = 'ab'.repeat(32);
const NODE = 'cd'.repeat(32);

describe('containerOfCgroup', () => {
  test.each([
    ['cgroup v1, cgroupfs driver, in a kind node', `/docker/${NODE}/kubelet/kubepods/burstable/pod${UID}/${ID}`, UID],
    ['cgroupfs driver, guaranteed pod', `/kubepods/pod${UID}/${ID}`, UID],
    [
      'cgroupfs driver, best effort, a cgroup made inside the container',
      `/kubepods/besteffort/pod${UID}/${ID}/init.scope`,
      UID,
    ],
    ['cgroupfs driver, static pod', `/kubepods/burstable/pod${STATIC}/${ID}`, STATIC],
    [
      'cgroup v2, systemd driver, in a kind node',
      `/system.slice/docker-${NODE}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
      UID,
    ],
    [
      'systemd driver, guaranteed pod',
      `/kubepods.slice/kubepods-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
      UID,
    ],
    [
      'systemd driver, CRI-O',
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${SLICE_UID}.slice/crio-${ID}.scope`,
      UID,
    ],
    [
      'drivers that differ',
      `/system.slice/containerd.service/kubepods-burstable-pod${SLICE_UID}.slice:cri-containerd:${ID}`,
      UID,
    ],
  ])('finds container and pod: %s', (_, path, podUid) => {
    expect(containerOfCgroup(path)).toEqual({ id: ID, podUid });
  });

  test.each([
    ['a process of the node itself', `/docker/${NODE}/system.slice/kubelet.service`],
    ['the node as a container', `/docker/${NODE}`],
    ['a container on the node that is no pod’s', `/docker/${NODE}/docker/${ID}`],
    ['a pod without a container', `/kubepods/burstable/pod${UID}`],
    ['an id that is too short', `/kubepods/burstable/pod${UID}/${ID.slice(1)}`],
    ['an id that is too long', `/kubepods/burstable/pod${UID}/${ID}0`],
    ['a name that only looks like a pod', `/evil-kubepods/pod${UID}/${ID}`],
    ['the root', '/'],
    ['nothing', ''],
  ])('finds no container in %s', (_, path) => {
    expect(containerOfCgroup(path)).toBeUndefined();
  });
});
