import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  KubedrillError,
  ExitCode,
  done,
  notYet,
  prettyCommand,
  waitFor,
  type Command,
  type Observation,
} from '../../core/index.ts';
import type { LabDeps } from '../session.ts';
import { engineState, type EngineFacts } from './facts.ts';
import { enginePidFile, engineProcess } from './pid-file.ts';

/** How the engine is started here. */
export type StartPlan =
  | { readonly kind: 'systemd'; readonly command: Command }
  | { readonly kind: 'detached'; readonly command: Command; readonly pidFile: string; readonly logFile: string };

const START_TIMEOUT_MS = 60_000;

/** By systemd where it runs; else dockerd itself, in its own session, with Docker's usual data folder so that a later ordinary start finds the same images. */
export function startPlan(stateFolder: string, hasSystemd = existsSync('/run/systemd/system')): StartPlan {
  if (hasSystemd) return { kind: 'systemd', command: ['systemctl', 'start', 'docker'] };
  const pidFile = enginePidFile(stateFolder);
  return {
    kind: 'detached',
    command: ['dockerd', '--data-root=/var/lib/docker', '--exec-root=/var/run/docker', `--pidfile=${pidFile}`],
    pidFile,
    logFile: join(dirname(pidFile), 'dockerd.log'),
  };
}

/** The plan as lines that can be pasted into a root shell. */
export function startCommands(plan: StartPlan): readonly string[] {
  if (plan.kind === 'systemd') return [prettyCommand(plan.command)];
  const script = `mkdir -p ${dirname(plan.logFile)}; setsid ${prettyCommand(plan.command)} >>${plan.logFile} 2>&1 </dev/null &`;
  // One shell for all of it, so that a sudo before it covers the folder and the log too.
  return [prettyCommand(['sh', '-c', script])];
}

/** Starts the engine unless one answers already, and waits until it answers (at most a minute). */
export async function startEngine(
  deps: LabDeps,
  detail: (text: string) => void,
  plan = startPlan(deps.paths.state),
): Promise<EngineFacts> {
  const before = await engineState(deps.runner, deps.signal);
  if (before.kind === 'ready') return before.facts;
  if (before.kind === 'refused') throw refusedEngine(before);
  await launch(deps, plan);
  try {
    return await waitFor(() => look(deps), {
      what: 'the container engine to answer',
      timeoutMs: START_TIMEOUT_MS,
      clock: deps.clock,
      onObserve: detail,
      ...(deps.signal === undefined ? {} : { signal: deps.signal }),
    });
  } catch (error) {
    deps.signal?.throwIfAborted();
    throw new KubedrillError({
      what: 'the container engine did not start',
      why: await lastWords(plan, error),
      hint: startCommands(plan).join('; '),
      exitCode: ExitCode.toolMissing,
      cause: error,
    });
  }
}

export function refusedEngine({ why, hint }: { readonly why: string; readonly hint: string }): KubedrillError {
  return new KubedrillError({
    what: 'the container engine cannot run labs',
    why,
    hint,
    exitCode: ExitCode.toolMissing,
  });
}

async function launch({ runner }: LabDeps, plan: StartPlan): Promise<void> {
  const [file, ...args] = plan.command;
  if (plan.kind === 'systemd') {
    await runner.run(file, args, { timeoutMs: START_TIMEOUT_MS });
    return;
  }
  // The file outlives a restart of the machine, and dockerd would refuse to start while any process has its number.
  if ((await engineProcess(plan.pidFile)) === undefined) await rm(plan.pidFile, { force: true });
  await runner.startDetached(file, args, { logFile: plan.logFile });
}

async function look({ runner, signal }: LabDeps): Promise<Observation<EngineFacts>> {
  const state = await engineState(runner, signal);
  return state.kind === 'ready' ? done(state.facts) : notYet(state.why);
}

async function lastWords(plan: StartPlan, error: unknown): Promise<string> {
  if (plan.kind === 'detached') {
    const log = await readFile(plan.logFile, 'utf8').catch(() => '');
    const lines = log.trim().split('\n').slice(-3).join('\n');
    if (lines !== '') return lines;
  }
  return error instanceof KubedrillError ? error.why : String(error);
}
