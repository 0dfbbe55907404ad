import { done, KubedrillError, notYet, waitFor, type NodeHandle } from '../../../core/index.ts';
import { refTo, type Container, type Pod, type Service } from '../../cluster/objects.ts';
import { podsWith } from '../../cluster/pods.ts';
import type { RunContext, StepContext } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import type { Undo } from '../../journal/entry.ts';
import type { RunEnvironment } from '../../ports.ts';
import { FACTS, NAMES, type IntrusionParameters } from './parameters.ts';

type Context = RunContext<IntrusionParameters>;

/** The intruder chooses a pod, opens a shell in it, and keeps it open. */
export function breaks(context: Context): readonly RunStep[] {
  const { variant, parameters } = context;
  const entry = ENTRIES[variant] ?? [];
  return [choosePod(parameters.podIndex), ...entry.map((step) => step(context)), look(context)];
}

const ENTRIES: Readonly<Record<string, readonly ((context: Context) => RunStep)[]>> = {
  'stolen-token': [holdExec],
  'over-bound-user': [holdExec],
  'ephemeral-container': [addDebugContainer, holdAttach],
  'runtime-exec': [execOnNode],
};

/** Name of the held session, and of the unit on the node. */
export function sessionName({ run }: Pick<Context, 'run'>): string {
  return `kd-${run}`;
}

/** The web pods as they are now, by name. */
export async function webPods(env: RunEnvironment): Promise<readonly Pod[]> {
  const web = await mustGet<Service>(env, refTo('v1', 'Service', 'web', 'shop'));
  return podsWith(env.session.kube, 'shop', web.spec.selector ?? {});
}

function choosePod(index: number): RunStep {
  return {
    title: 'choose a pod',
    undo: async () => [],
    run: async ({ env, record }) => {
      const pods = await webPods(env);
      const pod = pods[index % pods.length];
      if (!pod) throw noPods();
      await record(FACTS.pod, pod.metadata.name);
      await record(FACTS.uid, pod.metadata.uid ?? '');
      await record(FACTS.node, pod.spec.nodeName ?? '');
      await record(FACTS.image, pod.spec.containers[0]?.image ?? '');
      await record(FACTS.containerId, containerIdOf(pod));
    },
  };
}

function holdExec(context: Context): RunStep {
  return hold(context, 'exec', 'web');
}

function holdAttach(context: Context): RunStep {
  return hold(context, 'attach', NAMES.debugContainer);
}

function hold(context: Context, mode: 'exec' | 'attach', container: string): RunStep {
  const id = sessionName(context);
  return {
    title: `open a session by ${mode}`,
    undo: async (now) => [{ action: 'keeper.end-shell', args: { id } }, replaceTouchedPod(now)],
    run: async (now) => {
      await now.env.labs.holdShell({
        id,
        kubeconfig: text(now, FACTS.intruder),
        namespace: 'shop',
        pod: text(now, FACTS.pod),
        container,
        command: [context.parameters.shell],
        mode,
        terminal: 'tty',
      });
    },
  };
}

/** As the intruder, who may do that: the audit trail must name them. */
function addDebugContainer({ parameters }: Context): RunStep {
  return {
    title: 'add a debug container',
    undo: async (now) => [replaceTouchedPod(now)],
    run: async (now) => {
      const name = text(now, FACTS.pod);
      const intruder = await now.env.labs.kubeAs(text(now, FACTS.intruderFromHost));
      const pod = await mustGet<Pod>(now.env, refTo('v1', 'Pod', name, 'shop'));
      const path = `/api/v1/namespaces/shop/pods/${name}/ephemeralcontainers`;
      const answer = await intruder.raw('PUT', path, withDebugContainer(pod, parameters.shell));
      if (answer.status !== 200) throw refused(answer.text);
      await waitUntilRunning(now, name);
    },
  };
}

/** The pod as a client would send it to its subresource ephemeralcontainers. */
export function withDebugContainer(pod: Pod, shell: string): Pod {
  const container = {
    name: NAMES.debugContainer,
    image: pod.spec.containers[0]?.image ?? '',
    imagePullPolicy: 'IfNotPresent',
    command: [shell],
    stdin: true,
    tty: true,
  };
  const others: readonly Container[] = pod.spec.ephemeralContainers ?? [];
  return { ...pod, spec: { ...pod.spec, ephemeralContainers: [...others, container] } };
}

async function waitUntilRunning({ env }: StepContext<unknown>, name: string): Promise<void> {
  await waitFor(
    async () => {
      const pod = await mustGet<Pod>(env, refTo('v1', 'Pod', name, 'shop'));
      const isRunning = (pod.status?.ephemeralContainerStatuses ?? []).some(
        ({ state }) => state?.running !== undefined,
      );
      return isRunning ? done(undefined) : notYet('it is not running');
    },
    { what: 'the debug container', timeoutMs: 30_000, clock: env.session.clock },
  );
}

/**
 * On the node, by the runtime, past the API server. systemd keeps it; `script` gives it the terminal, and a sleep an input that does
 * not end.
 */
function execOnNode(context: Context): RunStep {
  const unit = sessionName(context);
  const { shell } = context.parameters;
  return {
    title: 'open a session by the runtime on the node',
    undo: async (now) => [
      { action: 'node.run', args: { node: text(now, FACTS.node), argv: ['systemctl', 'stop', unit] } },
      replaceTouchedPod(now),
    ],
    run: async (now) => {
      const exec = `crictl exec -it ${text(now, FACTS.containerId)} ${shell}`;
      const line = `exec script -qfc '${exec}' /dev/null < <(exec sleep infinity)`;
      await victim(now).exec(['systemd-run', '--quiet', '--collect', `--unit=${unit}`, 'bash', '-c', line]);
    },
    // The unit is active before the runtime has begun the shell.
    inEffect: async (now) => {
      const processes = await victim(now).exec(['ps', '-ww', '-e', '-o', 'args=,cgroup=']);
      const runs = processes.stdout
        .split('\n')
        .some((line) => line.startsWith(`${shell} `) && line.includes(text(now, FACTS.containerId)));
      return { ok: runs, observed: runs ? `${shell} runs in the container` : `no ${shell} in the container yet` };
    },
  };
}

/** What somebody does who came to look around. */
function look(context: Context): RunStep {
  const { parameters, variant } = context;
  const file = '/tmp/.cache-7f3a';
  const words = `id; hostname; ls /${parameters.leavesFile ? `; echo kept > ${file}` : ''}\n`;
  return {
    title: 'look around in the session',
    undo: async () => [],
    run: async ({ env }) => {
      // The session on the node has no input that could be typed into.
      if (variant !== 'runtime-exec') await env.labs.typeInto(sessionName(context), words);
    },
  };
}

/** A container that somebody was in is not to be trusted, nor what they left in it. */
function replaceTouchedPod(now: StepContext<unknown>): Undo {
  return { action: 'pods.replace', args: { namespace: 'shop', labels: { app: 'web' }, name: text(now, FACTS.pod) } };
}

function victim(now: RunContext<unknown>): NodeHandle {
  return nodeOf(now.env.session, text(now, FACTS.node));
}

/** A fact that an earlier step recorded. */
export function text(now: Pick<RunContext<unknown>, 'fact'>, key: string): string {
  const value = now.fact(key);
  return typeof value === 'string' ? value : '';
}

function containerIdOf(pod: Pod): string {
  return (pod.status?.containerStatuses?.[0]?.containerID ?? '').replace(/^.*:\/\//, '');
}

function noPods(): KubedrillError {
  return new KubedrillError({
    what: 'there is nobody to break in on',
    why: 'the Service shop/web selects no pods',
    hint: 'kubedrill down && kubedrill up',
  });
}

function refused(answer: string): KubedrillError {
  return new KubedrillError({
    what: 'the intruder could not add a debug container',
    why: answer.slice(0, 200),
    hint: 'kubedrill status',
  });
}
