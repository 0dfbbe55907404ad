import { done, execaRunner, notYet, waitFor, type KubeObject, type RunResult } from '../../core/index.ts';
import { RULES_CONFIG_MAP } from '../../detector/addon/daemon-set.ts';
import { CHANNEL_SOCKET, NAMESPACE } from '../../detector/addon/paths.ts';
import { rulesHash } from '../../detector/app/rules-hash.ts';
import type { AlertDocument, DetectorStats } from '../../detector/index.ts';
import type { RulesFile } from '../../detector/ruleset/index.ts';
import { kubedrill, kubedrillJson } from './kubedrill.ts';

/** A lab whose detector is put to the test: its rules can be changed, and commands run in its pods. */
export interface DetectorLab {
  readonly name: string;
  readonly nodes: readonly string[];
}

const docker = execaRunner();

export async function detectorLab(name: string): Promise<DetectorLab> {
  const { nodes } = await kubedrillJson<{ readonly nodes: readonly { readonly name: string }[] }>([
    'status',
    '--name',
    name,
  ]);
  return { name, nodes: nodes.map((node) => node.name) };
}

/** kubectl on a control-plane node; `input` is what it reads. */
export async function kubectl(lab: DetectorLab, args: readonly string[], input = ''): Promise<string> {
  const kubeconfig = '--kubeconfig=/etc/kubernetes/admin.conf';
  const { stdout } = await docker.run(
    'docker',
    ['exec', '--interactive', `${lab.name}-control-plane`, 'kubectl', kubeconfig, ...args],
    { input, timeoutMs: 120_000 },
  );
  return stdout;
}

export function apply(lab: DetectorLab, objects: readonly KubeObject[]): Promise<string> {
  return kubectl(lab, ['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
}

/** The toolbox image, which all pods of the lab's own run. */
export async function toolboxImage(lab: DetectorLab): Promise<string> {
  const path = 'jsonpath={.spec.template.spec.containers[0].image}';
  return (await kubectl(lab, ['get', 'daemonset', 'detector', '-n', NAMESPACE, '-o', path])).trim();
}

/** Has all detectors run these rules and no others, and waits until each sees everything. */
export async function loadRules(lab: DetectorLab, rules: readonly RulesFile[]): Promise<void> {
  const hash = rulesHash(rules);
  const metadata = { name: RULES_CONFIG_MAP, namespace: NAMESPACE };
  const data = Object.fromEntries(rules.map(({ name, content }) => [name, content]));
  await kubectl(lab, ['replace', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }));
  const patch = { spec: { template: { metadata: { annotations: { 'kubedrill/rules-hash': hash } } } } };
  await kubectl(lab, ['patch', 'daemonset', 'detector', '-n', NAMESPACE, '-p', JSON.stringify(patch)]);
  await Promise.all(lab.nodes.map((node) => untilRulesRun(node, hash)));
}

function untilRulesRun(node: string, hash: string): Promise<undefined> {
  return waitFor(
    async () => {
      const { rules } = await ask<DetectorStats>(node, '/stats');
      if (rules.hash !== hash) return notYet('it still runs other rules');
      await ask(node, '/healthz');
      return done(undefined);
    },
    { what: `the rules on ${node}`, timeoutMs: 180_000, intervalMs: 1_000 },
  );
}

/** Statistics of one node's detector. */
export function statsOf(node: string): Promise<DetectorStats> {
  return ask(node, '/stats');
}

async function ask<T>(node: string, path: string): Promise<T> {
  const socket = `/run/kubedrill/${CHANNEL_SOCKET}`;
  const url = `http://detector${path}`;
  const { stdout } = await docker.run('docker', [
    ...['exec', node, 'curl', '--silent', '--show-error', '--fail', '--max-time', '5', '--unix-socket', socket, url],
  ]);
  return JSON.parse(stdout) as T;
}

/** All alerts that the detectors of the lab still have. */
export async function alertsOf({ name }: DetectorLab): Promise<readonly AlertDocument[]> {
  const { stdout } = await kubedrill(['detector', 'tail', '--all', '--once', '--json', '--name', name]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AlertDocument);
}

/** Runs a command in a container as `kubectl exec` would, without the API server. */
export function execInContainer(
  node: string,
  container: string,
  command: readonly string[],
  options: { readonly terminal?: boolean; readonly timeoutMs?: number } = {},
): Promise<RunResult> {
  // crictl wants standard input with a terminal; docker makes it one where nobody types.
  const [outer, inner] = options.terminal === true ? [['--tty'], ['--tty', '--interactive']] : [[], []];
  return docker.run('docker', ['exec', ...outer, node, 'crictl', 'exec', ...inner, container, ...command], {
    timeoutMs: options.timeoutMs ?? 60_000,
  });
}

/** The id of a pod's container, once it runs. */
export function containerOf(lab: DetectorLab, namespace: string, pod: string): Promise<string> {
  return waitFor(
    async () => {
      const path = 'jsonpath={.status.containerStatuses[0].containerID}/{.status.containerStatuses[0].ready}';
      const found = /^containerd:\/\/([0-9a-f]{64})\/true$/.exec(
        await kubectl(lab, ['get', 'pod', pod, '-n', namespace, '-o', path]),
      );
      return found?.[1] === undefined ? notYet('it does not run yet') : done(found[1]);
    },
    { what: `the container of ${namespace}/${pod}`, timeoutMs: 60_000, intervalMs: 500 },
  );
}
