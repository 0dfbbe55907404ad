import { done, notYet, waitFor, type KubeObject } from '../../../core/index.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { isReady, refTo, type Pod, type Workload } from '../../cluster/objects.ts';
import { replacePods } from '../../cluster/pods.ts';
import { defineProof, type PlayContext } from '../../define.ts';
import { sessionName, text, webPods } from './breaks.ts';
import { containerOf, FACTS, NAMES, userOf, type IntrusionParameters } from './parameters.ts';
import { EXEC } from './setup.ts';

type Context = PlayContext<IntrusionParameters>;

const RBAC = 'rbac.authorization.k8s.io/v1';
const BY_API = ['stolen-token', 'over-bound-user', 'ephemeral-container'];
const BY_EXEC = ['stolen-token', 'over-bound-user'];
const WEB = refTo('apps/v1', 'Deployment', 'web', 'shop');

export default defineProof<IntrusionParameters>({
  reference: {
    name: 'close-and-replace',
    says: 'the right or the session taken away from the one who misused it, then the pod deleted',
    run: async (context) => {
      await closeDoor(context);
      await replaceTouchedPod(context);
    },
  },
  fixes: [
    {
      name: 'rollout',
      says: 'the door closed, then all pods of the Deployment rolled',
      run: async (context) => {
        await closeDoor(context);
        await rollWeb(context);
      },
    },
    {
      name: 'only-a-tooling-pod',
      says: 'the role narrowed to one pod by name, then the pod deleted',
      variants: BY_API,
      run: async (context) => {
        await narrowRole(context);
        await replaceTouchedPod(context);
      },
    },
    {
      name: 'admission-policy',
      says: 'an admission policy that lets only the on-call team exec, then the pod deleted',
      variants: BY_EXEC,
      run: async (context) => {
        await denyExecByPolicy(context);
        await replaceTouchedPod(context);
      },
    },
    {
      name: 'kill-in-the-task',
      says: 'the shell ended inside the runtime’s task, then the pod deleted',
      variants: ['runtime-exec'],
      run: async (context) => {
        await killShell(context);
        await replaceTouchedPod(context);
      },
    },
  ],
  cheats: [
    {
      name: 'only-the-shell',
      says: 'the shell is ended, the door and the pod stay as they are',
      seenBy: ['P4'],
      run: killShell,
    },
    {
      name: 'nobody-may-exec',
      says: 'everybody loses exec, the on-call team too',
      seenBy: ['P5'],
      run: async (context) => {
        await closeDoor(context);
        await context.env.session.kube.delete(refTo(RBAC, 'RoleBinding', NAMES.onCall, 'shop'));
        await replaceTouchedPod(context);
      },
    },
    {
      name: 'scaled-to-zero',
      says: 'the intruder is thrown out with the shop',
      seenBy: ['P4'],
      run: async (context) => {
        await closeDoor(context);
        await context.env.session.kube.patch(WEB, 'merge', { spec: { replicas: 0 } });
        await waitForWebPods(context, 0);
      },
    },
    {
      name: 'pod-only',
      says: 'the pod is replaced, and the door stays open',
      variants: BY_API,
      seenBy: ['P3'],
      run: replaceTouchedPod,
    },
  ],
  answers: async (context) => ({
    pod: text(context, FACTS.pod),
    container: containerOf(context.variant),
    node: text(context, FACTS.node),
    user: userOf(context.variant),
  }),
});

async function closeDoor(context: Context): Promise<void> {
  const { env, variant } = context;
  const { kube } = env.session;
  switch (variant) {
    case 'stolen-token':
      await patchRules(context, NAMES.deployer, (rules) => rules.filter((rule) => !isExec(rule)));
      // The token is worth nothing without its Secret, whatever else its owner may do.
      await kube.delete(refTo('v1', 'Secret', NAMES.tokenSecret, 'shop'));
      return;
    case 'runtime-exec':
      await nodeOf(env.session, text(context, FACTS.node)).exec(['systemctl', 'stop', sessionName(context)]);
      return;
    default:
      await kube.delete(refTo(RBAC, 'RoleBinding', NAMES.contractors, 'shop'));
  }
}

interface Rule {
  readonly resources: readonly string[];
}

function isExec({ resources }: Rule): boolean {
  return resources.includes(EXEC.resources[0] ?? '');
}

async function narrowRole(context: Context): Promise<void> {
  const role = context.variant === 'stolen-token' ? NAMES.deployer : NAMES.contractors;
  const touches = ({ resources }: Rule): boolean =>
    resources.some((one) => one.startsWith('pods/') && one !== 'pods/log');
  await patchRules(context, role, (rules) =>
    rules.map((rule) => (touches(rule) ? { ...rule, resourceNames: ['tooling'] } : rule)),
  );
}

async function patchRules(
  { env }: Context,
  name: string,
  change: (rules: readonly Rule[]) => readonly object[],
): Promise<void> {
  const ref = refTo(RBAC, 'Role', name, 'shop');
  const role = await env.session.kube.get<KubeObject & { readonly rules: readonly Rule[] }>(ref);
  await env.session.kube.patch(ref, 'merge', { rules: change(role?.rules ?? []) });
}

async function replaceTouchedPod(context: Context): Promise<void> {
  const pods = await webPods(context.env);
  await replacePods(
    context.env.session,
    pods.filter(({ metadata }) => metadata.uid === text(context, FACTS.uid)),
  );
  await waitUntilTouchedPodEnded(context);
}

/** As `kubectl rollout restart` and `rollout status` do, and then until the touched pod has really ended. */
async function rollWeb(context: Context): Promise<void> {
  const { kube, clock } = context.env.session;
  const annotations = { 'kubectl.kubernetes.io/restartedAt': clock.now().toISOString() };
  await kube.patch(WEB, 'merge', { spec: { template: { metadata: { annotations } } } });
  await waitFor(
    async () => {
      const web = await kube.get<Workload>(WEB);
      const { replicas = 0 } = web?.spec ?? {};
      const { observedGeneration = 0, updatedReplicas = 0, readyReplicas = 0, replicas: all = 0 } = web?.status ?? {};
      // Until the controller has seen the change, its counts are those of the old pods.
      const isSeen = observedGeneration >= (web?.metadata.generation ?? 0);
      if (isSeen && updatedReplicas === replicas && readyReplicas === replicas && all === replicas)
        return done(undefined);
      return notYet(`${String(updatedReplicas)} of ${String(replicas)} pods are new`);
    },
    { what: 'the roll-out of web', timeoutMs: 60_000, clock },
  );
  await waitUntilTouchedPodEnded(context);
}

/** A shell may ignore the signal to end, and then lives on for the pod's grace period; `kubectl delete` waits for that too. */
async function waitUntilTouchedPodEnded(context: Context): Promise<void> {
  const { kube, clock } = context.env.session;
  const touched = text(context, FACTS.uid);
  await waitFor(
    async () => {
      const pods = await kube.list<Pod>('v1', 'Pod', { namespace: 'shop' });
      return pods.some(({ metadata }) => metadata.uid === touched) ? notYet('it is still there') : done(undefined);
    },
    { what: 'the touched pod to end', timeoutMs: 60_000, clock },
  );
}

async function waitForWebPods(context: Context, count: number): Promise<void> {
  await waitFor(
    async () => {
      const pods = (await webPods(context.env)).filter(isReady);
      return pods.length === count ? done(undefined) : notYet(`${String(pods.length)} pods`);
    },
    { what: `${String(count)} web pods`, timeoutMs: 60_000, clock: context.env.session.clock },
  );
}

/** Every shell with a terminal in the container, from its node; the web program itself has none. */
async function killShell(context: Context): Promise<void> {
  const { env, variant } = context;
  const node = nodeOf(env.session, text(context, FACTS.node));
  const shells = `ps -eo pid=,tty=,args= | awk '$2 != "?" && $3 ~ /^(\\/bin\\/)?(ba)?sh$/ && NF == 3 {print $1}'`;
  await node.exec(['bash', '-c', `for pid in $(${shells}); do kill -9 "$pid"; done`]);
  if (variant === 'runtime-exec') await node.exec(['systemctl', 'stop', sessionName(context)], { okExitCodes: [0, 5] });
}

async function denyExecByPolicy({ env }: Context): Promise<void> {
  const { kube, clock } = env.session;
  const name = 'exec-only-oncall';
  await kube.create({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            resources: ['pods/exec'],
            operations: ['CONNECT'],
            scope: 'Namespaced',
          },
        ],
      },
      validations: [
        {
          expression: "request.userInfo.groups.exists(g, g in ['oncall', 'system:masters', 'kubeadm:cluster-admins'])",
          message: 'exec is for the on-call team; this attempt is forbidden',
        },
      ],
    },
  });
  await kube.create({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  });
  // The API server compiles and begins to ask a policy some moments after it was created.
  await clock.sleep(POLICY_MS);
}

const POLICY_MS = 4_000;
