import { API_VERSION, elapsedMs, KubedrillError, type Reporter } from '../../core/index.ts';
import type { RunEnvironment } from '../ports.ts';
import type { ResetResult } from '../types.ts';
import { proveClean } from './prove-clean.ts';
import { currentRunFolder } from './run-folder.ts';
import { stopOpenRun } from './stop.ts';

/**
 * Brings the lab back to what it was when it had come up, whatever was done to it since; an open run is ended first. What a picture
 * does not hold (contents of Secrets, large programs, data of pods) stays different, and is in the result.
 */
export async function reset(env: RunEnvironment, reporter: Reporter): Promise<ResetResult> {
  const { clock, lab } = env.session;
  return env.labs.withLock('reset', async () => {
    const startNs = clock.monotonicNs();
    const fresh = await env.labs.freshPicture();
    if (fresh === undefined) throw noPicture(lab.name);
    const run = await currentRunFolder(env.session);
    const stopped = run === undefined ? undefined : await stopOpenRun(env, run, reporter);
    await reporter.stage('Looking after the nodes', (detail) => env.labs.reviveNodes(fresh, detail));
    const residue = await proveClean(env, fresh, reporter);
    return {
      apiVersion: API_VERSION,
      lab: lab.name,
      ...(stopped === undefined ? {} : { stopped: stopped.scenario }),
      residue,
      tookMs: Math.round(elapsedMs(startNs, clock.monotonicNs())),
    };
  });
}

function noPicture(lab: string): KubedrillError {
  return new KubedrillError({
    what: `the lab "${lab}" cannot be reset`,
    why: 'there is no picture of it from when it came up',
    hint: `kubedrill down --name ${lab} && kubedrill up --name ${lab}`,
  });
}
