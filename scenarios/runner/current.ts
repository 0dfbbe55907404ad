import { ExitCode, KubedrillError } from '../../core/index.ts';
import type { Scenario } from '../define.ts';
import { findEntry } from '../find.ts';
import type { RunEnvironment } from '../ports.ts';
import { openJournal, readRunState, type Journal } from '../journal/journal.ts';
import type { RunState } from '../journal/state.ts';
import { catalogueText } from '../texts.ts';
import type { RunView } from '../types.ts';
import { currentRunFolder } from './run-folder.ts';

/** A run with its challenge. */
export interface OpenRun {
  readonly scenario: Scenario;
  readonly catalogueFolder: string;
  readonly journal: Journal;
}

/** The open run of the lab, also one whose `start` was killed; undefined when there is none. */
export async function currentRun(env: RunEnvironment): Promise<RunView | undefined> {
  const folder = await currentRunFolder(env.session);
  if (folder === undefined) return undefined;
  const { state, notes } = await readRunState(folder);
  const isChallenge = state.scenario !== '' && !state.scenario.startsWith('guide/');
  return isChallenge && state.phase !== 'closed' ? viewOf(env, state, notes) : undefined;
}

/** The journal of the open run, for writing. Exit code 5 when there is none, 1 when its `start` did not get done. */
export async function openCurrentRun(env: RunEnvironment): Promise<OpenRun> {
  const folder = await currentRunFolder(env.session);
  if (folder === undefined) throw noRun();
  const journal = await openJournal(folder, env.session.clock);
  const state = journal.state();
  if (state.phase === 'closed' || state.scenario === '') throw noRun();
  if (state.scenario.startsWith('guide/')) throw guideIsOpen(state);
  if (state.phase !== 'learner') throw notBroken(state);
  const entry = findEntry(env.catalogue, state.scenario);
  return { scenario: await entry.scenario(), catalogueFolder: entry.folder, journal };
}

/** What the command line shows of a run. */
export async function viewOf(
  env: Pick<RunEnvironment, 'catalogue'>,
  state: RunState,
  notes: readonly string[] = [],
): Promise<RunView> {
  const entry = findEntry(env.catalogue, state.scenario);
  const scenario = await entry.scenario();
  const { id, slug, title, minutes, questions, hints } = scenario;
  return {
    id: state.run,
    scenario: id,
    slug,
    title,
    seed: state.seed,
    variant: state.variant,
    phase: state.phase,
    startedAt: state.startedAt,
    ...(state.brokenAt === undefined ? {} : { brokenAt: state.brokenAt.at }),
    minutes,
    task: await catalogueText(entry.folder, 'task.md'),
    questions,
    answers: state.answers,
    hintsUsed: state.hintsUsed,
    hintsLeft: hints.length - state.hintsUsed,
    notes,
  };
}

export function noRun(): KubedrillError {
  return new KubedrillError({
    what: 'no challenge is running',
    why: 'nothing is broken in this lab right now',
    hint: 'kubedrill list, then: kubedrill start flushed-iptables',
    exitCode: ExitCode.noLab,
  });
}

function guideIsOpen({ scenario }: RunState): KubedrillError {
  const slug = scenario.replace('guide/', '');
  return new KubedrillError({
    what: 'no challenge is running',
    why: `the guide ${slug} is open`,
    hint: `kubedrill guide ${slug}, or: kubedrill stop`,
    exitCode: ExitCode.noLab,
  });
}

function notBroken(state: RunState): KubedrillError {
  return new KubedrillError({
    what: `the run of ${state.scenario} is not ready`,
    why: `it stopped in the phase "${state.phase}"`,
    hint: 'kubedrill stop, then start it again',
  });
}
