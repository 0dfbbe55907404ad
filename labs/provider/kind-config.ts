import { dirname } from 'node:path';
import { AUDIT_LOG_FILE, AUDIT_POLICY_FILE, CONTROL_PLANE_CONFIG_FOLDER } from './audit-policy.ts';
import { KUBEADM_PATCHES_FOLDER } from './kubeadm-patches.ts';
import type { Topology } from './topology.ts';

/** What of the machine changes how Kubernetes has to be set up on it. */
export interface HostTraits {
  readonly cgroupVersion: 1 | 2;
  /** False where even root lacks CAP_SYS_RESOURCE, so that no process may raise its limits. */
  readonly canRaiseLimits: boolean;
}

export interface KindConfigInput {
  readonly lab: string;
  readonly topology: Topology;
  readonly nodeImage: string;
  readonly host: HostTraits;
  readonly frontDoor: 'published' | 'none';
  readonly cni: 'default' | 'cilium';
  /** Folder of the host with the audit policy and kubeadm's patches, mounted into the control planes. */
  readonly controlPlaneConfigFolder: string;
}

interface KindNode {
  readonly role: 'control-plane' | 'worker';
  readonly image: string;
  readonly extraMounts?: readonly object[];
  readonly extraPortMappings?: readonly object[];
}

/** kind's cluster configuration (kind.x-k8s.io/v1alpha4) as data; kind reads it as YAML, of which JSON is a part. */
export function kindConfig(input: KindConfigInput): object {
  return {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name: input.lab,
    networking: {
      apiServerAddress: '127.0.0.1',
      ipFamily: 'ipv4',
      ...(input.cni === 'cilium' ? { disableDefaultCNI: true } : {}),
    },
    nodes: nodesOf(input),
    kubeadmConfigPatches: [auditPatch(), patchesPatch(), PROXY_PATCH, ...kubeletPatches(input.host)].map((patch) =>
      JSON.stringify(patch),
    ),
  };
}

function nodesOf(input: KindConfigInput): readonly KindNode[] {
  const { topology, nodeImage } = input;
  const doors = input.frontDoor === 'published' ? { extraPortMappings: frontDoorPorts() } : {};
  const controlPlanes = Array.from({ length: topology.controlPlanes }, (): KindNode => ({
    role: 'control-plane',
    image: nodeImage,
    extraMounts: [
      { hostPath: input.controlPlaneConfigFolder, containerPath: CONTROL_PLANE_CONFIG_FOLDER, readOnly: true },
    ],
    ...(topology.workers === 0 ? doors : {}),
  }));
  const workers = Array.from({ length: topology.workers }, (_, index): KindNode => ({
    role: 'worker',
    image: nodeImage,
    ...(index === 0 ? doors : {}),
  }));
  return [...controlPlanes, ...workers];
}

/** hostPort 0 makes kind choose a free port of the loopback address. */
function frontDoorPorts(): readonly object[] {
  return [80, 443].map((containerPort) => ({
    containerPort,
    hostPort: 0,
    listenAddress: '127.0.0.1',
    protocol: 'TCP',
  }));
}

/** Unversioned, so that kind fits it to the kubeadm API of whatever Kubernetes version the node image has. */
function auditPatch(): object {
  const logFolder = dirname(AUDIT_LOG_FILE);
  return {
    kind: 'ClusterConfiguration',
    apiServer: {
      extraArgs: {
        'audit-policy-file': AUDIT_POLICY_FILE,
        'audit-log-path': AUDIT_LOG_FILE,
        'audit-log-maxsize': '64',
        'audit-log-maxbackup': '2',
      },
      extraVolumes: [
        volume('kubedrill-audit-policy', CONTROL_PLANE_CONFIG_FOLDER, { readOnly: true }),
        volume('kubedrill-audit-log', logFolder, { readOnly: false }),
      ],
    },
  };
}

/** Has kubeadm patch what it makes itself. */
function patchesPatch(): object {
  return { kind: 'InitConfiguration', patches: { directory: KUBEADM_PATCHES_FOLDER } };
}

function volume(name: string, path: string, { readOnly }: { readonly readOnly: boolean }): object {
  return { name, hostPath: path, mountPath: path, readOnly, pathType: 'DirectoryOrCreate' };
}

/** At this verbosity kube-proxy tells when it misses its canary, and when it writes all of its rules: what a debrief shows. */
const PROXY_PATCH = { kind: 'KubeProxyConfiguration', logging: { verbosity: 2 } };

/** Measured needs of such machines; an ordinary one gets kubeadm's defaults. */
function kubeletPatches({ cgroupVersion, canRaiseLimits }: HostTraits): readonly object[] {
  const settings = {
    ...(cgroupVersion === 1 ? { failCgroupV1: false, cgroupDriver: 'cgroupfs', cgroupRoot: '/' } : {}),
    // Lets the kubelet live with limits that it may not raise.
    ...(canRaiseLimits ? {} : { featureGates: { KubeletInUserNamespace: true } }),
  };
  return Object.keys(settings).length === 0 ? [] : [{ kind: 'KubeletConfiguration', ...settings }];
}
