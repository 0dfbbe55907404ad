import { nearest, usageError } from '../../core/index.ts';
import type { RunEnvironment } from '../ports.ts';
import { findEntry } from '../find.ts';
import { registry } from '../registry.ts';
import { catalogueText } from '../texts.ts';
import type { AnswerKey, Hint } from '../types.ts';
import { openCurrentRun } from './current.ts';

/** Reveals the next hint; usage error when all have been. */
export async function hint(env: RunEnvironment): Promise<Hint> {
  return env.labs.withLock('hint', async () => {
    const { scenario, journal } = await openCurrentRun(env);
    const number = journal.state().hintsUsed + 1;
    const text = scenario.hints[number - 1];
    if (text === undefined) {
      throw usageError({
        what: 'there is no further hint',
        why: `all ${String(scenario.hints.length)} have been given`,
        hint: 'kubedrill solution',
      });
    }
    await journal.append({ kind: 'hint', number });
    return { number, of: scenario.hints.length, text };
  });
}

/** Records answers, all or none; usage error for keys and values that the challenge does not know. */
export async function answer(
  env: RunEnvironment,
  answers: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  return env.labs.withLock('answer', async () => {
    const { scenario, journal } = await openCurrentRun(env);
    const nodes = env.session.nodes.map((node) => node.name);
    const checked = Object.entries(answers).map(([key, value]) => checkedAnswer(scenario.questions, key, value, nodes));
    await journal.append({ kind: 'answers', answers: Object.fromEntries(checked) });
    return journal.state().answers;
  });
}

/** The solution of the open run; the journal keeps that it was looked at. */
export async function solutionOfRun(env: RunEnvironment): Promise<string> {
  return env.labs.withLock('solution', async () => {
    const { catalogueFolder, journal } = await openCurrentRun(env);
    await journal.append({ kind: 'solution-shown' });
    return catalogueText(catalogueFolder, 'solution.md');
  });
}

/** The solution of a challenge, whether or not it runs. */
export function solutionOfScenario(idOrSlug: string): Promise<string> {
  return catalogueText(findEntry(registry, idOrSlug).folder, 'solution.md');
}

/** A question whose allowed values are `NODE` takes the lab's node names. */
function checkedAnswer(
  questions: readonly AnswerKey[],
  key: string,
  given: string,
  nodes: readonly string[],
): readonly [string, string] {
  const question = questions.find((candidate) => candidate.key === key);
  const keys = questions.map((candidate) => candidate.key);
  if (!question) {
    throw usageError({
      what: `this challenge does not ask for ${key}`,
      why: keys.length === 0 ? 'it asks for nothing' : `it asks for ${keys.join(', ')}`,
      hint: `kubedrill answer ${nearest(key, keys)[0] ?? keys[0] ?? ''}=…`,
    });
  }
  const value = given.trim();
  const allowed = question.allowed?.flatMap((one) => (one === 'NODE' ? nodes : [one]));
  if (allowed === undefined || allowed.includes(value)) return [key, value];
  throw usageError({
    what: `${key}=${value} is not an answer`,
    why: `${question.says}: ${allowed.join(', ')}`,
    hint: `kubedrill answer ${key}=${nearest(value, allowed)[0] ?? allowed[0] ?? ''}`,
  });
}
