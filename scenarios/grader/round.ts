import { KubedrillError } from '../../core/index.ts';
import type { LabSnapshot } from '../../labs/index.ts';
import type { CheckContext } from '../define.ts';
import type { RunState } from '../journal/state.ts';
import type { RunEnvironment } from '../ports.ts';
import { contextOf } from '../runner/context.ts';
import { loadPicture } from '../runner/run-folder.ts';

/** A context for one round of checks: each measurement is taken when it is first asked for, and once. */
export function beginRound(env: RunEnvironment, state: RunState, folder: string): CheckContext<unknown> {
  return {
    ...contextOf(env, state),
    state,
    answers: state.answers,
    before: once(() => pictureOf(folder)),
    now: once(() => env.labs.takeSnapshot()),
    matrix: once(() => env.network.matrix()),
    meter: once(() => env.network.readMeter()),
    detector: once(() => env.detector.read(Date.parse(state.startedAt))),
  };
}

function once<T>(measure: () => Promise<T>): () => Promise<T> {
  let measured: Promise<T> | undefined;
  return () => (measured ??= measure());
}

async function pictureOf(folder: string): Promise<LabSnapshot> {
  const picture = await loadPicture(folder);
  if (picture) return picture;
  throw new KubedrillError({
    what: 'the picture taken before the run is missing',
    why: `${folder}/before.json cannot be read`,
    hint: 'kubedrill down && kubedrill up',
  });
}
