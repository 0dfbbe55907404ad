import type { KubeObject } from '../../../core/index.ts';
import { PROGRAMS } from './programs.ts';

export const NAMESPACE = 'detector-actions';
/** A volume: what lies there does not count as changed in the image. */
export const ACTIONS_FOLDER = '/actions';

/** The pods in which actions run. `user` is the account's name in the image. */
export const PODS = {
  plain: { says: 'as root, without more rights than usual', user: 'root', uid: 0, securityContext: {} },
  privileged: { says: 'as root, privileged', user: 'root', uid: 0, securityContext: { privileged: true } },
  nobody: {
    says: 'as nobody',
    user: 'nobody',
    uid: 65_534,
    securityContext: { runAsUser: 65_534, runAsGroup: 65_534 },
  },
  'www-data': { says: 'as www-data', user: 'www-data', uid: 33, securityContext: { runAsUser: 33, runAsGroup: 33 } },
} as const;
export type PodKind = keyof typeof PODS;

/** A pod that waits; `name` is the kind's, if there is one of it. */
export function podObject(
  kind: PodKind,
  { image, node, name = kind }: { readonly image: string; readonly node: string; readonly name?: string },
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      securityContext: { fsGroup: 65_534 },
      containers: [
        {
          name: 'stage',
          image,
          imagePullPolicy: 'Never',
          command: ['sleep', 'infinity'],
          securityContext: PODS[kind].securityContext,
          volumeMounts: [{ name: 'actions', mountPath: ACTIONS_FOLDER }],
        },
      ],
      volumes: [{ name: 'actions', emptyDir: {} }],
    },
  };
}

/** Names of programs that rules look for, and that the image lacks or that do harm: they do nothing. */
const HARMLESS = [
  ...['apt-get', 'crontab', 'debugfs', 'kubectl', 'mount', 'nc', 'nmap', 'scp', 'wget', 'worker', 'xmrig'],
];
/** Servers of which only the name matters: they do what a shell is told. */
const SERVERS = ['mysqld', 'nginx', 'redis-server', 'sshd'];

/** Makes what actions need in a pod, by a shell that runs as the pod's user. */
export function setUpScript(kind: PodKind): string {
  const link = (target: string) => (name: string) => `ln -s ${target} ${ACTIONS_FOLDER}/${name}`;
  const write = ([name, program]: readonly [string, Buffer]): string =>
    `echo ${program.toString('base64')} | base64 -d > ${ACTIONS_FOLDER}/${name} && chmod 755 ${ACTIONS_FOLDER}/${name}`;
  return [
    'set -e',
    ...HARMLESS.map(link('/usr/bin/true')),
    ...SERVERS.map(link('/usr/bin/bash')),
    ...Object.entries(PROGRAMS).map(write),
    ...(PODS[kind].user === 'root' ? ROOT_SET_UP : []),
    ...(kind === 'privileged' ? PRIVILEGED_SET_UP : []),
  ].join('\n');
}

const ROOT_SET_UP = [
  'mkdir -p /root/.ssh /host /var/log',
  'touch /root/.ssh/id_action /host/file /dev/shm/script /actions/.bash_history /actions/program',
  'touch /usr/bin/removed-by-action',
  'cp /usr/bin/true /opt/dropped',
  'echo aGVsbG8= | tee /actions/encoded > /actions/payload',
  'mkfifo /actions/fifo',
];
/** Addresses that are anywhere else, given to the pod itself: nothing leaves it. */
const PRIVILEGED_SET_UP = ['ip address add 192.0.2.1/32 dev lo', 'ip address add 169.254.169.254/32 dev lo'];
