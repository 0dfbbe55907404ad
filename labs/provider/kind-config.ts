import { dirname } from 'node:path';
import type { AuditWay } from '../session.ts';
import { AUDIT_LOG_FILE, AUDIT_POLICY_FILE, CONTROL_PLANE_CONFIG_FOLDER } from './audit-policy.ts';
import { AUDIT_WEBHOOK_FILE } from './audit-webhook.ts';
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
  readonly audit: AuditWay;
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
    kubeadmConfigPatches: patchesOf(input).map((patch) => JSON.stringify(patch)),
  };
}

function patchesOf({ audit, host }: KindConfigInput): readonly object[] {
  return [auditPatch(audit), patchesPatch(), PROXY_PATCH, ...kubeletPatches(host)];
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
function auditPatch(way: AuditWay): object {
  return {
    kind: 'ClusterConfiguration',
    apiServer: {
      extraArgs: {
        'audit-policy-file': AUDIT_POLICY_FILE,
        ...(way === 'webhook' ? {} : LOG_FLAGS),
        ...(way === 'log' ? {} : WEBHOOK_FLAGS),
      },
      extraVolumes: [
        volume('kubedrill-audit-policy', CONTROL_PLANE_CONFIG_FOLDER, { readOnly: true }),
        ...(way === 'webhook' ? [] : [volume('kubedrill-audit-log', dirname(AUDIT_LOG_FILE), { readOnly: false })]),
      ],
    },
  };
}

const LOG_FLAGS = {
  'audit-log-path': AUDIT_LOG_FILE,
  'audit-log-maxsize': '64',
  'audit-log-maxbackup': '2',
};
/** Requests never wait for the webhook; by default events would, for half a minute, and 10 s after a failure. */
const WEBHOOK_FLAGS = {
  'audit-webhook-config-file': AUDIT_WEBHOOK_FILE,
  'audit-webhook-mode': 'batch',
  'audit-webhook-batch-max-wait': '1s',
  'audit-webhook-initial-backoff': '1s',
  // The engine takes bodies of up to 12 MiB; the number of events alone bounds none.
  'audit-webhook-truncate-enabled': 'true',
  'audit-webhook-truncate-max-batch-size': String(10 * 1024 * 1024),
  'audit-webhook-truncate-max-event-size': String(8 * 1024 * 1024),
};

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
