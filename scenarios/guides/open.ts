import { join } from 'node:path';
import { KubedrillError, type CheckResult, type Reporter } from '../../core/index.ts';
import { createJournal, openJournal, readRunState, type Journal } from '../journal/journal.ts';
import type { RunEnvironment } from '../ports.ts';
import { stepContextOf } from '../runner/context.ts';
import { performStep } from '../runner/perform.ts';
import { currentRunFolder, newRunId, runsFolder, savePicture, setCurrentRun } from '../runner/run-folder.ts';
import { stopOpenRun } from '../runner/stop.ts';
import type { GuideStepView, OpenGuide, StopResult } from '../types.ts';
import type { Guide, GuideContext, GuideStep } from './define.ts';
import { findGuide } from './registry.ts';
import { stepText } from './texts.ts';

/** How the journal calls a guide, so that nobody takes it for a challenge. */
const PREFIX = 'guide/';
const PLACE = 'guide.place';

interface Following {
  readonly env: RunEnvironment;
  readonly guide: Guide;
  readonly folder: string;
  readonly context: GuideContext;
  readonly reporter: Reporter;
}

/**
 * Opens a guide, at the step where the lab's learner left it. A guide is a run like a challenge's: one at a time per lab, journalled,
 * and `stop` takes it back too.
 */
export async function openGuideIn(env: RunEnvironment, slug: string, reporter: Reporter): Promise<OpenGuide> {
  const guide = await findGuide(slug).guide();
  const folder = await env.labs.withLock(`guide ${slug}`, () => folderOf(env, guide, reporter));
  const following: Following = { env, guide, folder, reporter, context: { env, words: guide.words(env) } };
  return {
    slug: guide.slug,
    title: guide.title,
    current: async () => viewOf(following, await placeOf(folder)),
    act: () => act(following),
    verify: () => verify(following),
    close: (): Promise<StopResult> => env.labs.withLock(`guide ${slug}`, () => stopOpenRun(env, folder, reporter)),
  };
}

/** The open run's folder when it is this guide's, or a new one; any other run is in the way. */
async function folderOf(env: RunEnvironment, guide: Guide, reporter: Reporter): Promise<string> {
  const open = await currentRunFolder(env.session);
  const state = open === undefined ? undefined : (await readRunState(open)).state;
  if (open === undefined || state === undefined || state.phase === 'closed') return begin(env, guide, reporter);
  if (state.scenario === PREFIX + guide.slug && state.phase === 'learner') return open;
  throw new KubedrillError({
    what: `the guide ${guide.slug} cannot be opened`,
    why: `${state.scenario}, begun ${state.startedAt}, is still open in this lab`,
    hint: 'kubedrill stop',
  });
}

async function begin(env: RunEnvironment, guide: Guide, reporter: Reporter): Promise<string> {
  const { session } = env;
  const run = newRunId(session.clock, guide.slug);
  const folder = join(runsFolder(session), run);
  const journal = await createJournal(folder, session.clock);
  await journal.append({
    kind: 'opened',
    run,
    scenario: PREFIX + guide.slug,
    variant: '',
    seed: 0,
    parameters: {},
  });
  await setCurrentRun(session, run);
  await reporter.stage('Taking a picture of the lab', async () => {
    await savePicture(folder, await env.labs.takeSnapshot());
  });
  await journal.append({ kind: 'phase', phase: 'learner' });
  return folder;
}

async function act(following: Following): Promise<void> {
  const { env, guide, context, reporter } = following;
  await env.labs.withLock(`guide ${guide.slug}`, async () => {
    const journal = await openJournal(following.folder, env.session.clock);
    const action = stepAt(following, placeIn(journal))?.action;
    if (!action) return;
    await reporter.stage(action.says, async (detail) => {
      const plan = { variant: '', seed: 0, parameters: {} };
      for (const step of action.steps(context)) {
        await performStep(journal, step, stepContextOf(env, journal, plan, detail));
      }
    });
  });
}

async function verify(following: Following): Promise<CheckResult> {
  const { env, guide, context } = following;
  return env.labs.withLock(`guide ${guide.slug}`, async () => {
    const journal = await openJournal(following.folder, env.session.clock);
    const place = placeIn(journal);
    const step = stepAt(following, place);
    if (!step) return { id: 'end', says: 'the guide is finished', ok: true, observed: 'nothing is left to do' };
    const found = await step.verify(context);
    if (found.ok) await journal.append({ kind: 'fact', key: PLACE, value: place + 1 });
    return { id: step.file, says: step.says, ...found };
  });
}

async function viewOf(following: Following, place: number): Promise<GuideStepView | undefined> {
  const { guide, context } = following;
  const step = stepAt(following, place);
  if (!step) return undefined;
  const { title, text } = await stepText(guide.slug, step.file, context.words);
  return {
    number: place + 1,
    of: guide.steps.length,
    title,
    text,
    ...(step.action === undefined ? {} : { action: step.action.says }),
  };
}

function stepAt({ guide }: Following, place: number): GuideStep | undefined {
  return guide.steps[place];
}

async function placeOf(folder: string): Promise<number> {
  return Number((await readRunState(folder)).state.facts[PLACE] ?? 0);
}

function placeIn(journal: Journal): number {
  return Number(journal.state().facts[PLACE] ?? 0);
}
