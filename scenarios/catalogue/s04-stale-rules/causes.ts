import { parseDocument } from 'yaml';
import { done, notYet, waitFor } from '../../../core/index.ts';
import { kubeProxyPods, restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { isReady } from '../../cluster/objects.ts';
import { deletePods } from '../../cluster/pods.ts';
import { processStates } from '../../cluster/processes.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { editProxyConfig, withRestartOnUndo } from '../../faults/kube-proxy-config.ts';
import { nodeCommand } from '../../faults/node-command.ts';
import type { RunStep } from '../../faults/step.ts';
import type { RunEnvironment } from '../../ports.ts';
import type { VariantSummary } from '../../types.ts';

export interface Cause {
  readonly id: string;
  readonly title: string;
  /** The alert that the break has to raise. */
  readonly alert: string;
  steps(victim: string): readonly RunStep[];
}

/** Where the silent listener listens, and the service that it is on the machine. */
const SILENT_PORT = 6553;
export const SILENT_UNIT = 'api-tunnel';

/** What makes kube-proxy run on without following. */
export const causes: readonly Cause[] = [
  {
    id: 'frozen',
    title: 'kube-proxy stopped by a signal, and never told to go on',
    alert: 'KD System process signalled',
    steps: (victim) => [freeze(victim)],
  },
  {
    id: 'deaf',
    title: 'kube-proxy told to write its rules once an hour',
    alert: 'KD System ConfigMap changed',
    steps: (victim) => [
      withRestartOnUndo(editProxyConfig('sync once an hour', 'config.conf', onceAnHour), victim),
      {
        title: `restart kube-proxy on ${victim}`,
        undo: async () => [],
        run: async ({ env }) => {
          await restartKubeProxy(env, victim);
        },
      },
    ],
  },
  {
    id: 'silent-api',
    title: 'kube-proxy led to a listener that accepts and says nothing',
    alert: 'KD System ConfigMap changed',
    steps: (victim) => [
      listenSilently(victim),
      withRestartOnUndo(editProxyConfig('lead kube-proxy to the listener', 'kubeconfig.conf', toListener), victim),
      restartUntilRunning(victim),
    ],
  },
];

export const variants: readonly VariantSummary[] = causes.map(({ id, title }) => ({ id, title }));

export function causeOf(variant: string): Cause {
  const cause = causes.find(({ id }) => id === variant);
  if (cause === undefined) throw new RangeError(`no cause ${variant}`);
  return cause;
}

/** kube-proxy's configuration with an hour between two syncs; the longest time between two may not be the shorter one. */
export function onceAnHour(text: string): string {
  const document = parseDocument(text);
  for (const field of ['minSyncPeriod', 'syncPeriod']) document.setIn(['iptables', field], '1h');
  return document.toString();
}

export function toListener(text: string): string {
  return text.replace(/^(\s*server: ).*$/m, `$1https://127.0.0.1:${String(SILENT_PORT)}`);
}

function freeze(victim: string): RunStep {
  const go = { action: 'node.run', args: { node: victim, argv: ['pkill', '-CONT', '-x', 'kube-proxy'] } };
  return {
    ...nodeCommand({
      title: `stop kube-proxy on ${victim}`,
      node: victim,
      argv: ['pkill', '-STOP', '-x', 'kube-proxy'],
      undo: [go],
    }),
    inEffect: async ({ env }) => {
      const states = await processStates(nodeOf(env.session, victim), 'kube-proxy');
      return { ok: states.some((state) => state.startsWith('T')), observed: `its state is ${states.join(', ')}` };
    },
  };
}

function listenSilently(victim: string): RunStep {
  const listen = `TCP-LISTEN:${String(SILENT_PORT)},bind=127.0.0.1,fork,reuseaddr`;
  return nodeCommand({
    title: `listen on ${victim} and say nothing`,
    node: victim,
    argv: ['systemd-run', '--quiet', `--unit=${SILENT_UNIT}`, 'socat', listen, 'EXEC:sleep infinity'],
    undo: [{ action: 'node.run', args: { node: victim, argv: ['systemctl', 'stop', `${SILENT_UNIT}.service`] } }],
  });
}

/** It never gets healthy, and its pod says Running 1/1: nobody asks it. */
function restartUntilRunning(victim: string): RunStep {
  return {
    title: `restart kube-proxy on ${victim}`,
    undo: async () => [],
    run: async ({ env }) => {
      const former = await kubeProxyPods(env, victim);
      await deletePods(env.session.kube, former);
      await untilAnotherRuns(
        env,
        victim,
        former.map(({ metadata }) => metadata.uid),
      );
    },
  };
}

async function untilAnotherRuns(
  env: RunEnvironment,
  victim: string,
  former: readonly (string | undefined)[],
): Promise<void> {
  await waitFor(
    async () => {
      const pods = await kubeProxyPods(env, victim);
      const fresh = pods.filter((pod) => isReady(pod) && !former.includes(pod.metadata.uid));
      return fresh.length === 1 ? done(undefined) : notYet(`${String(fresh.length)} new pods run`);
    },
    { what: `kube-proxy on ${victim} to run again`, timeoutMs: 60_000, clock: env.session.clock },
  );
}
