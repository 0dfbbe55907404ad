import { done, notYet, waitFor, type KubeObject } from '../../../core/index.ts';
import { issueCertificate, kubeconfigFor, type Credentials } from '../../cluster/kubeconfig.ts';
import { refTo } from '../../cluster/objects.ts';
import type { RunContext, StepContext } from '../../define.ts';
import { createObject } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import { FACTS, NAMES, type IntrusionParameters } from './parameters.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const NAMESPACE = 'shop';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Looking at pods comes with every door. */
const READ_PODS: Rule = { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] };
/** `get` too: clients that open the stream by WebSocket are asked for it. */
export const EXEC: Rule = { apiGroups: [''], resources: ['pods/exec'], verbs: ['create', 'get'] };
const DEPLOY: Rule = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'update', 'patch'] };
const DEBUG: Rule = { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['update', 'patch'] };
const ATTACH: Rule = { apiGroups: [''], resources: ['pods/attach'], verbs: ['create', 'get'] };

/** Those who may do what they do, and the door by which the intruder will come; nothing has happened yet. */
export function setup({ variant }: RunContext<IntrusionParameters>): readonly RunStep[] {
  const isTokenStolen = variant === 'stolen-token';
  return [
    createObject('create the ServiceAccount ci', core('ServiceAccount', NAMES.serviceAccount)),
    createObject('let ci deploy', role(NAMES.deployer, [READ_PODS, DEPLOY, ...(isTokenStolen ? [EXEC] : [])])),
    createObject('bind ci', binding(NAMES.deployer, serviceAccount(NAMES.serviceAccount))),
    createObject('let oncall exec', role(NAMES.onCall, [READ_PODS, EXEC])),
    createObject('bind oncall', binding(NAMES.onCall, group(NAMES.onCallGroup))),
    ...doorOf(variant),
    takeIdentity(variant),
  ];
}

function doorOf(variant: string): readonly RunStep[] {
  switch (variant) {
    case 'stolen-token':
      return [createObject('create the token of ci', tokenSecret())];
    case 'over-bound-user':
      return contractorsMay([READ_PODS, EXEC]);
    case 'ephemeral-container':
      return contractorsMay([READ_PODS, DEBUG, ATTACH]);
    default:
      return [];
  }
}

function contractorsMay(rules: readonly Rule[]): readonly RunStep[] {
  return [
    createObject('let contractors in', role(NAMES.contractors, rules)),
    createObject('bind contractors', binding(NAMES.contractors, group(NAMES.contractorGroup))),
  ];
}

/** How the intruder will prove who they are; the replay needs it again. */
function takeIdentity(variant: string): RunStep {
  return {
    title: 'take the intruder’s identity',
    undo: async () => [],
    run: async (context) => {
      if (variant === 'runtime-exec') return;
      const who = variant === 'stolen-token' ? await stolenToken(context) : await contractor(context);
      await context.record(FACTS.intruder, await kubeconfigFor(context.env, who, 'lab'));
      await context.record(FACTS.intruderFromHost, await kubeconfigFor(context.env, who, 'host'));
    },
  };
}

function contractor({ env }: StepContext<unknown>): Promise<Credentials> {
  return issueCertificate(env, NAMES.user, [NAMES.contractorGroup]);
}

/** The controller fills in the token some moments after the Secret was created. */
async function stolenToken({ env }: StepContext<unknown>): Promise<Credentials> {
  return waitFor(
    async () => {
      const secret = await env.session.kube.get(refTo('v1', 'Secret', NAMES.tokenSecret, NAMESPACE));
      const token = (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.['token'];
      if (token === undefined) return notYet('the Secret holds no token');
      return done<Credentials>({ kind: 'token', token: Buffer.from(token, 'base64').toString('utf8') });
    },
    { what: 'the token of ci', timeoutMs: 20_000, clock: env.session.clock },
  );
}

function core(kind: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: NAMESPACE } };
}

function tokenSecret(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: {
      name: NAMES.tokenSecret,
      namespace: NAMESPACE,
      annotations: { 'kubernetes.io/service-account.name': NAMES.serviceAccount },
    },
  };
}

function role(name: string, rules: readonly Rule[]): KubeObject {
  return { apiVersion: RBAC, kind: 'Role', metadata: { name, namespace: NAMESPACE }, rules };
}

function binding(name: string, subject: object): KubeObject {
  return {
    apiVersion: RBAC,
    kind: 'RoleBinding',
    metadata: { name, namespace: NAMESPACE },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [subject],
  };
}

function group(name: string): object {
  return { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name };
}

function serviceAccount(name: string): object {
  return { kind: 'ServiceAccount', name, namespace: NAMESPACE };
}
