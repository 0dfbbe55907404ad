import { dirname } from 'node:path';
import { SOCKET_FOLDER, type AddonContext, type KubeObject } from '../../core/index.ts';
import { NODE_NAME_VARIABLE, settingsAsEnvironment } from '../app/settings.ts';
import { WEBHOOK_FOLDER, WEBHOOK_SECRET, WEBHOOK_SETTINGS, type AuditSources } from './audit-webhook.ts';
import {
  AUDIT_LOG_FILE,
  CHANNEL_FOLDER,
  CHANNEL_SOCKET,
  CONFIG_FILE,
  CONFIG_FOLDER,
  ENGINE_ID,
  NAMESPACE,
  OUTPUT_FOLDER,
  RULES_FOLDER,
  SENSOR_FOLDER,
  TASKS_FOLDER,
  TRACEFS_FOLDER,
} from './paths.ts';

const LABELS = { 'app.kubernetes.io/name': 'detector', 'app.kubernetes.io/part-of': 'kubedrill' };
const CHANNEL_MOUNT = `${SOCKET_FOLDER}/${CHANNEL_FOLDER}`;
const AUDIT_FOLDER = dirname(AUDIT_LOG_FILE);
const SENSOR_SOCKET = `${SENSOR_FOLDER}/sensor.sock`;
const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

export const RULES_CONFIG_MAP = 'detector-rules';
export const CONFIG_CONFIG_MAP = 'detector-config';

/** One pod on every node: what needs privilege in one container, everything else in another. */
export function daemonSet(context: AddonContext, rulesHash: string, audit: AuditSources): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'detector', namespace: NAMESPACE, labels: LABELS },
    spec: {
      selector: { matchLabels: LABELS },
      template: {
        // Other rules make other pods, so that all engines run the same ones.
        metadata: { labels: LABELS, annotations: { 'kubedrill/rules-hash': rulesHash } },
        spec: podSpec(context, audit),
      },
    },
  };
}

function podSpec(context: AddonContext, audit: AuditSources): object {
  return {
    serviceAccountName: 'detector',
    automountServiceAccountToken: false,
    priorityClassName: 'system-node-critical',
    // Whatever a challenge does to a node, it is watched.
    tolerations: [{ operator: 'Exists' }],
    // The sensor's own PID namespace tells it which processes are the node's.
    hostPID: true,
    // Neither pod network nor Services are needed to reach the API server, as challenges break both.
    hostNetwork: true,
    dnsPolicy: 'Default',
    terminationGracePeriodSeconds: 2,
    securityContext: { fsGroup: ENGINE_ID, seccompProfile: { type: 'RuntimeDefault' } },
    initContainers: [prepareContainer(context)],
    containers: [sensorContainer(context), engineContainer(context, audit)],
    volumes: [...volumes(), ...(audit.webhook === undefined ? [] : [webhookVolume()])],
  };
}

/**
 * Opens two things of root's to the engine's group: its folder of the Channel, and the audit log, which the API server
 * makes for root alone (and whose mode it keeps when it rotates). As root, and as a member of that group by fsGroup, it
 * needs no capability for that.
 */
function prepareContainer(context: AddonContext): object {
  const group = String(ENGINE_ID);
  const script = [
    `chgrp ${group} ${CHANNEL_MOUNT}`,
    `chmod 2770 ${CHANNEL_MOUNT}`,
    `if [ -e ${AUDIT_LOG_FILE} ]; then chgrp ${group} ${AUDIT_LOG_FILE} && chmod 0640 ${AUDIT_LOG_FILE}; fi`,
  ].join(' && ');
  return {
    name: 'prepare',
    ...program(context, ['/bin/sh', '-c', script]),
    securityContext: confined({ runAsUser: 0 }),
    resources: { requests: { cpu: '5m', memory: '8Mi' } },
    volumeMounts: [
      { name: 'channel', mountPath: CHANNEL_MOUNT },
      { name: 'audit', mountPath: AUDIT_FOLDER },
    ],
  };
}

function sensorContainer(context: AddonContext): object {
  return {
    name: 'sensor',
    ...program(context, ['/opt/kubedrill/kubedrill-sensor', '--socket', SENSOR_SOCKET, '--tasks', TASKS_FOLDER]),
    // Root, for tracefs and to make its socket; of root's powers it has these two only:
    // BPF loads programs and makes maps and rings, PERFMON lets programs be attached to tracepoints and read the
    // kernel's memory, and hooks other calls when the rules change.
    securityContext: confined({
      runAsUser: 0,
      runAsGroup: ENGINE_ID,
      capabilities: { drop: ['ALL'], add: ['BPF', 'PERFMON'] },
    }),
    resources: { requests: { cpu: '10m', memory: '24Mi' }, limits: { memory: '96Mi' } },
    volumeMounts: [
      { name: 'sensor', mountPath: SENSOR_FOLDER },
      { name: 'tracefs', mountPath: TRACEFS_FOLDER, readOnly: true },
      // For the accounts of containers; as root's own folders they need no capability. Containers that start later
      // become visible by propagation.
      { name: 'tasks', mountPath: TASKS_FOLDER, readOnly: true, mountPropagation: 'HostToContainer' },
    ],
  };
}

function engineContainer(context: AddonContext, audit: AuditSources): object {
  return {
    name: 'engine',
    ...program(context, ['node', '--max-old-space-size=64', '/opt/kubedrill/detector.js']),
    env: environment(context, audit),
    securityContext: confined({ runAsUser: ENGINE_ID, runAsGroup: ENGINE_ID, runAsNonRoot: true }),
    resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '192Mi' } },
    volumeMounts: [
      { name: 'sensor', mountPath: SENSOR_FOLDER, readOnly: true },
      { name: 'channel', mountPath: CHANNEL_MOUNT },
      { name: 'rules', mountPath: RULES_FOLDER, readOnly: true },
      { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true },
      { name: 'output', mountPath: OUTPUT_FOLDER },
      { name: 'audit', mountPath: AUDIT_FOLDER, readOnly: true },
      { name: 'passwd', mountPath: '/node/passwd', readOnly: true },
      { name: 'group', mountPath: '/node/group', readOnly: true },
      { name: 'identity', mountPath: SERVICE_ACCOUNT_FOLDER, readOnly: true },
      ...(audit.webhook === undefined ? [] : [{ name: 'webhook', mountPath: WEBHOOK_FOLDER, readOnly: true }]),
    ],
  };
}

function environment({ apiServer }: AddonContext, { log, webhook }: AuditSources): readonly object[] {
  const settings = settingsAsEnvironment({
    apiServer,
    sensorSocket: SENSOR_SOCKET,
    channelSocket: `${SOCKET_FOLDER}/${CHANNEL_SOCKET}`,
    rulesFolder: RULES_FOLDER,
    configFile: `${CONFIG_FOLDER}/${CONFIG_FILE}`,
    ...(log === 'none' ? {} : { auditLog: AUDIT_LOG_FILE }),
    ...(webhook === undefined ? {} : { auditWebhook: WEBHOOK_SETTINGS }),
    passwdFile: '/node/passwd',
    groupFile: '/node/group',
  });
  return [
    ...Object.entries(settings).map(([name, value]) => ({ name, value })),
    { name: NODE_NAME_VARIABLE, valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  ];
}

function program({ toolboxImage }: AddonContext, command: readonly string[]): object {
  return { image: toolboxImage, imagePullPolicy: 'Never', command };
}

function confined(more: object): object {
  return {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
    ...more,
  };
}

function volumes(): readonly object[] {
  const onNode = (name: string, path: string, type: string): object => ({ name, hostPath: { path, type } });
  return [
    { name: 'sensor', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    onNode('channel', CHANNEL_MOUNT, 'DirectoryOrCreate'),
    // Only control-plane nodes have a log in it.
    onNode('audit', AUDIT_FOLDER, 'DirectoryOrCreate'),
    onNode('tracefs', TRACEFS_FOLDER, 'Directory'),
    onNode('tasks', TASKS_FOLDER, 'DirectoryOrCreate'),
    onNode('passwd', '/etc/passwd', 'File'),
    onNode('group', '/etc/group', 'File'),
    { name: 'rules', configMap: { name: RULES_CONFIG_MAP } },
    // Without it the default holds; a pod that waited for it would watch nothing.
    { name: 'config', configMap: { name: CONFIG_CONFIG_MAP, optional: true } },
    { name: 'output', emptyDir: { sizeLimit: '256Mi' } },
    { name: 'identity', projected: { sources: identitySources() } },
  ];
}

/** The engine is of its group by fsGroup. */
function webhookVolume(): object {
  return { name: 'webhook', secret: { secretName: WEBHOOK_SECRET, defaultMode: 0o440 } };
}

/** What a service account's folder holds, for the engine alone: the sensor talks to nobody. */
function identitySources(): readonly object[] {
  return [
    { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  ];
}
