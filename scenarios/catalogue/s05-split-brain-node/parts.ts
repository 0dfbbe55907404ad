import type { KubeObject } from '../../../core/index.ts';
import { refTo } from '../../cluster/objects.ts';
import type { RunContext } from '../../define.ts';
import { cutOf } from './cut.ts';
import type { SplitParameters } from './parameters.ts';
import { BOOK_PORT, BOOK_PROGRAM, WRITER_PROGRAM } from './programs.ts';

export const NAMESPACE = 'shop';
export const TILL = 'till';
export const STOCK = 'stock';
export const BOOK = 'book';
/** Roles of the two members of the StatefulSet. */
export const MEMBERS: readonly string[] = [`${STOCK}-0`, `${STOCK}-1`];

export const TILL_DEPLOYMENT = refTo('apps/v1', 'Deployment', TILL, NAMESPACE);
export const STOCK_SET = refTo('apps/v1', 'StatefulSet', STOCK, NAMESPACE);
export const BOOK_DEPLOYMENT = refTo('apps/v1', 'Deployment', BOOK, NAMESPACE);

type Context = RunContext<SplitParameters>;

/** By name only, so that no machine's rules change on its account. */
export function bookService(): KubeObject {
  const spec = { clusterIP: 'None', selector: { app: BOOK }, ports: [{ name: 'http', port: BOOK_PORT }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: metadataOf(BOOK), spec };
}

/** One pod on the machine that stays in touch. */
export function bookDeployment(context: Context): KubeObject {
  const pod = {
    ...podOf(context, BOOK, BOOK_PROGRAM),
    nodeSelector: { 'kubernetes.io/hostname': context.parameters.other },
  };
  return workload('Deployment', BOOK, { replicas: 1, template: templateOf(BOOK, pod) });
}

/** One pod, which begins on the machine that will be cut off, and may be anywhere. */
export function tillDeployment(context: Context): KubeObject {
  const { tolerationSeconds } = cutOf(context.variant);
  const pod = {
    ...podOf(context, TILL, WRITER_PROGRAM, { name: 'ROLE', value: TILL }),
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [preferring(context)] } },
    ...(tolerationSeconds === undefined ? {} : { tolerations: awayFor(tolerationSeconds) }),
  };
  return workload('Deployment', TILL, {
    replicas: 1,
    strategy: { type: 'Recreate' },
    template: templateOf(TILL, pod),
  });
}

/** Two members, on two machines where that can be had. */
export function stockSet(context: Context): KubeObject {
  const apart = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: STOCK } } };
  const pod = {
    ...podOf(context, STOCK, WRITER_PROGRAM, fromField('ROLE', 'metadata.name')),
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: apart }],
      },
    },
  };
  return workload('StatefulSet', STOCK, {
    replicas: MEMBERS.length,
    serviceName: STOCK,
    podManagementPolicy: 'Parallel',
    template: templateOf(STOCK, pod),
  });
}

function workload(kind: string, name: string, spec: object): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: metadataOf(name),
    spec: { selector: { matchLabels: { app: name } }, ...spec },
  };
}

function templateOf(name: string, spec: object): object {
  return { metadata: { labels: { app: name } }, spec };
}

function podOf({ env }: Context, name: string, program: string, ...variables: readonly object[]): object {
  return {
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    containers: [
      {
        name,
        image: env.session.addonContext.toolboxImage,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '--max-old-space-size=32', '-e', program],
        env: [fromField('POD_NAME', 'metadata.name'), fromField('POD_UID', 'metadata.uid'), ...variables],
        resources: { requests: { cpu: '10m', memory: '24Mi' } },
      },
    ],
  };
}

function preferring({ parameters }: Context): object {
  const isVictim = { key: 'kubernetes.io/hostname', operator: 'In', values: [parameters.victim] };
  return { weight: 100, preference: { matchExpressions: [isVictim] } };
}

function awayFor(tolerationSeconds: number): readonly object[] {
  return ['unreachable', 'not-ready'].map((taint) => ({
    key: `node.kubernetes.io/${taint}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds,
  }));
}

function metadataOf(name: string): KubeObject['metadata'] {
  return { name, namespace: NAMESPACE, labels: { app: name } };
}

function fromField(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
