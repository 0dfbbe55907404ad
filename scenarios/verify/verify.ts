import { API_VERSION, elapsedMs, type Reporter } from '../../core/index.ts';
import type { Proof, Scenario } from '../define.ts';
import { findEntry, planRun } from '../find.ts';
import type { RunEnvironment } from '../ports.ts';
import type { RegistryEntry } from '../registry.ts';
import { byImportance, expectedMs, inShard, type PlannedRound } from './plan.ts';
import { playRound, type Playing } from './play.ts';
import { openMemory, type ProofMemory } from './remember.ts';
import { roundsOf, type Round, type Scope } from './rounds.ts';
import { proofSources, type ProofSources } from './sources.ts';
import type { SkippedRound, VerifyOptions, VerifyReport, VerifyRound } from './types.ts';

/** Shorter than for learners: a proof asks whether it works, not whether it is endured. */
const HOLD_MS = 3_000;
const STEADY_MS = 2_000;

/** The proof of one variant, ready to be played. */
interface VariantProof {
  readonly entry: RegistryEntry;
  readonly scenario: Scenario;
  readonly proof: Proof;
  readonly variant: string;
  readonly seed: number;
  readonly isDefault: boolean;
  readonly rounds: readonly Round[];
}

/** A round of one of the proofs. */
interface Task extends PlannedRound {
  readonly of: VariantProof;
  readonly round: Round;
}

/** How a task came out. */
type Outcome = { readonly played: VerifyRound } | { readonly skipped: SkippedRound };

/**
 * Plays the proofs of challenges, one report for each variant. Each round is a run of its own. Failures are in the reports and not thrown.
 */
export async function verify(
  env: RunEnvironment,
  idsOrSlugs: readonly string[],
  options: VerifyOptions,
  reporter: Reporter,
): Promise<readonly VerifyReport[]> {
  const proofs = await proofsOf(env, idsOrSlugs, options);
  const mine = inShard(proofs, ({ rounds }) => sum(rounds.map(expectedMs)), options.shard ?? { index: 1, of: 1 });
  const sources = await proofSources(mine.map(({ entry }) => entry));
  const tasks = mine.flatMap((of) => tasksOf(of, sources, options.touched ?? []));
  const outcomes = await playAll(env, tasks, sources, options, reporter);
  return mine.map((proof) => reportOf(proof, tasks, outcomes));
}

async function proofsOf(
  env: RunEnvironment,
  idsOrSlugs: readonly string[],
  options: VerifyOptions,
): Promise<readonly VariantProof[]> {
  const entries = idsOrSlugs.map((name) => findEntry(env.catalogue, name));
  const loaded = entries.map(async (entry) => {
    const [scenario, proof] = await Promise.all([entry.scenario(), entry.proof()]);
    return variantsOf(env, scenario, options).map(({ variant, seed, scope, isDefault }) => {
      const rounds = roundsOf(proof, variant, scope, options.kill ? 'universal too' : 'own only');
      const chosen = rounds.filter(({ name }) => options.only?.includes(name) ?? true);
      return { entry, scenario, proof, variant, seed, isDefault, rounds: chosen };
    });
  });
  return (await Promise.all(loaded)).flat();
}

interface PlannedVariant {
  readonly variant: string;
  readonly seed: number;
  readonly scope: Scope;
  readonly isDefault: boolean;
}

function variantsOf(
  { session }: RunEnvironment,
  scenario: Scenario,
  options: VerifyOptions,
): readonly PlannedVariant[] {
  const usual = planRun(scenario, session, options).variant;
  const planned = (variant: string, scope: Scope): PlannedVariant => {
    const { seed } = planRun(scenario, session, { ...options, variant });
    return { variant, seed, scope, isDefault: variant === usual };
  };
  if (options.variants !== 'all') return [planned(usual, 'whole')];
  const others = scenario.variants.filter(({ id, unavailable }) => unavailable === undefined && id !== usual);
  return [planned(usual, 'whole'), ...others.map(({ id }) => planned(id, 'own'))];
}

function tasksOf(of: VariantProof, sources: ProofSources, touched: readonly string[]): readonly Task[] {
  const { scenario, variant, isDefault, entry, rounds } = of;
  const isTouched = sources.isTouched(entry, touched);
  return rounds.map((round) => ({ of, round, scenario: scenario.id, variant, isDefault, isTouched }));
}

async function playAll(
  env: RunEnvironment,
  tasks: readonly Task[],
  sources: ProofSources,
  options: VerifyOptions,
  reporter: Reporter,
): Promise<ReadonlyMap<Task, Outcome>> {
  const { clock, signal } = env.session;
  const startNs = clock.monotonicNs();
  const memories = memoriesOf(env, sources);
  const outcomes = new Map<Task, Outcome>();
  const queue = options.budgetMs === undefined ? tasks : byImportance(tasks, options.rotation ?? '');
  for (const task of queue) {
    signal?.throwIfAborted();
    const memory = await memories(task.of);
    const earlier = options.resume === true ? memory.recall(task.round.name) : undefined;
    const leftMs = (options.budgetMs ?? Infinity) - elapsedMs(startNs, clock.monotonicNs());
    if (earlier) outcomes.set(task, { played: { ...earlier, resumed: true } });
    else if (expectedMs(task.round) > leftMs) outcomes.set(task, { skipped: tooLong(task.round, options.budgetMs) });
    else
      outcomes.set(task, { played: await playAndTell(playingOf(env, task.of, options, reporter), task.round, memory) });
  }
  return outcomes;
}

/** One memory for each proof, opened when it is first needed. */
function memoriesOf(env: RunEnvironment, sources: ProofSources): (proof: VariantProof) => Promise<ProofMemory> {
  const open = new Map<VariantProof, Promise<ProofMemory>>();
  return (proof) => {
    const { scenario, variant, seed, entry } = proof;
    const memory =
      open.get(proof) ??
      sources
        .hashOf(entry)
        .then((hash) => openMemory(env.session, { scenario: scenario.id, variant, seed, sources: hash }));
    open.set(proof, memory);
    return memory;
  };
}

function tooLong({ name }: Round, budgetMs = 0): SkippedRound {
  return { name, why: `it did not fit into the ${String(Math.round(budgetMs / 60_000))} minutes of this run` };
}

function playingOf(env: RunEnvironment, of: VariantProof, options: VerifyOptions, reporter: Reporter): Playing {
  const { scenario, proof, seed, variant } = of;
  const times = { holdMs: options.holdMs ?? HOLD_MS, steadyMs: options.steadyMs ?? STEADY_MS };
  return { env, scenario, proof, reporter, kill: options.kill, options: { ...times, seed, variant } };
}

async function playAndTell(playing: Playing, round: Round, memory: ProofMemory): Promise<VerifyRound> {
  const result = await playRound(playing, round);
  if (!result.ok) playing.reporter.warn(`${round.name}: ${result.problems.map(({ says }) => says).join('; ')}`);
  await memory.keep(result);
  return result;
}

function reportOf(proof: VariantProof, tasks: readonly Task[], outcomes: ReadonlyMap<Task, Outcome>): VerifyReport {
  const { scenario, variant, seed } = proof;
  const own = tasks.filter(({ of }) => of === proof).flatMap((task) => outcomes.get(task) ?? []);
  const rounds = own.flatMap((outcome) => ('played' in outcome ? [outcome.played] : []));
  return {
    apiVersion: API_VERSION,
    scenario: scenario.id,
    slug: scenario.slug,
    variant,
    seed,
    ok: rounds.every(({ ok }) => ok),
    rounds,
    skipped: own.flatMap((outcome) => ('skipped' in outcome ? [outcome.skipped] : [])),
    tookMs: sum(rounds.map(({ tookMs }) => tookMs)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
