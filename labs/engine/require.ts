import { ExitCode, KubedrillError, RunError } from '../../core/index.ts';
import type { LabDeps } from '../session.ts';
import { engineState, type EngineFacts } from './facts.ts';
import { refusedEngine } from './start.ts';

type EngineDeps = Pick<LabDeps, 'runner' | 'signal'>;

/** The engine's facts; exit code 4 with what to do when there is none that labs can run on. */
export async function requireEngine({ runner, signal }: EngineDeps): Promise<EngineFacts> {
  const state = await engineState(runner, signal);
  if (state.kind === 'ready') return state.facts;
  if (state.kind === 'refused') throw refusedEngine(state);
  throw new KubedrillError({
    what: state.kind === 'missing' ? 'there is no container engine' : 'the container engine does not answer',
    why: state.why,
    hint: 'kubedrill doctor --fix',
    exitCode: ExitCode.toolMissing,
  });
}

/** Does the work; when one of its programs fails because the engine is away, the error says that. */
export async function withEngine<T>(deps: EngineDeps, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RunError && deps.signal?.aborted !== true) await requireEngine(deps);
    throw error;
  }
}
