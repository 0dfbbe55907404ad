import type { Reporter } from '../../core/index.ts';
import { findEntry } from '../find.ts';
import { grade } from '../grader/grade.ts';
import type { RunEnvironment } from '../ports.ts';
import { answer } from '../runner/learner.ts';
import { start } from '../runner/start.ts';
import { stop } from '../runner/stop.ts';
import type { DemoResult } from '../types.ts';
import { playContext } from './play.ts';

/** Plays start → reference fix → grade → stop for each challenge (all of them when none are named), and tells each result at once. */
export async function* demo(
  env: RunEnvironment,
  idsOrSlugs: readonly string[] | undefined,
  reporter: Reporter,
): AsyncGenerator<DemoResult> {
  for (const id of idsOrSlugs ?? env.catalogue.map((entry) => entry.id)) yield await playOne(env, id, reporter);
}

async function playOne(env: RunEnvironment, idOrSlug: string, reporter: Reporter): Promise<DemoResult> {
  const { id, slug, ...entry } = findEntry(env.catalogue, idOrSlug);
  const [scenario, proof] = await Promise.all([entry.scenario(), entry.proof()]);
  reporter.info(`${id} ${slug}: ${scenario.title}`);
  await start(env, id, {}, reporter);
  try {
    const context = await playContext(env);
    await answer(env, await proof.answers(context));
    await reporter.stage(`Playing the reference solution of ${id}`, () => proof.reference.run(context));
    const graded = await grade(env, {}, reporter);
    return { scenario: id, slug, grade: graded, stop: await stop(env, reporter) };
  } catch (error) {
    // The lab must not stay broken because a demonstration failed; the first error is the one to tell.
    await stop(env, reporter).catch(() => undefined);
    throw error;
  }
}
