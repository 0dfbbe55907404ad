import { ExitCode, KubedrillError, RunError, done, notYet, waitFor } from '../../core/index.ts';
import type { LabDeps } from '../session.ts';
import { ENGINE } from './facts.ts';
import { commandLine, enginePidFile, engineProcess } from './pid-file.ts';

/** `not-ours`: systemd's or somebody else's engine, which is left alone. */
export type StoppedEngine = 'stopped' | 'not-ours';

const STOP_TIMEOUT_MS = 60_000;

/** Ends the dockerd that `startEngine` started. Fails while containers of anybody run in it. */
export async function stopEngine(deps: LabDeps): Promise<StoppedEngine> {
  const pid = await engineProcess(enginePidFile(deps.paths.state));
  if (pid === undefined) return 'not-ours';
  await refuseWhileUsed(deps);
  process.kill(pid, 'SIGTERM');
  await waitFor(async () => ((await commandLine(pid)) === undefined ? done(true) : notYet('it still runs')), {
    what: `the container engine (process ${String(pid)}) to end`,
    timeoutMs: STOP_TIMEOUT_MS,
    hint: `kill ${String(pid)}`,
    clock: deps.clock,
    ...(deps.signal === undefined ? {} : { signal: deps.signal }),
  });
  return 'stopped';
}

async function refuseWhileUsed({ runner }: LabDeps): Promise<void> {
  const names = await runningContainers(runner);
  if (names.length === 0) return;
  throw new KubedrillError({
    what: 'the container engine is still needed',
    why: `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${String(names.length - 4)} more` : ''} run in it`,
    hint: 'kubedrill down --name LAB for each lab, kubedrill down --pool for prepared ones',
    exitCode: ExitCode.failed,
  });
}

async function runningContainers(runner: LabDeps['runner']): Promise<readonly string[]> {
  try {
    const { stdout } = await runner.run(ENGINE, ['ps', '--format', '{{.Names}}'], { timeoutMs: 20_000 });
    return stdout.split('\n').filter((name) => name !== '');
  } catch (error) {
    // An engine that does not answer runs nothing that anybody could reach.
    if (error instanceof RunError) return [];
    throw error;
  }
}
