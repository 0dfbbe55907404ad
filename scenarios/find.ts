import { nearest, usageError } from '../core/index.ts';
import type { Session } from '../labs/index.ts';
import { diceOf, shapeOf, type RunPlan, type Scenario } from './define.ts';
import { registry, type RegistryEntry } from './registry.ts';
import type { ScenarioSummary, StartOptions, VariantSummary } from './types.ts';

/** Every challenge, in the order of the catalogue. */
export async function listScenarios(): Promise<readonly ScenarioSummary[]> {
  return Promise.all(registry.map(async (entry) => summaryOf(await entry.scenario())));
}

/** By id (`S01`, any case) or slug; usage error with the nearest names when there is none. */
export async function findScenario(idOrSlug: string): Promise<ScenarioSummary> {
  return summaryOf(await findEntry(registry, idOrSlug).scenario());
}

/** The entry of a challenge; usage error with the nearest names when there is none. */
export function findEntry(catalogue: readonly RegistryEntry[], idOrSlug: string): RegistryEntry {
  const wanted = idOrSlug.toLowerCase();
  const entry = catalogue.find(({ id, slug }) => id.toLowerCase() === wanted || slug === wanted);
  if (entry) return entry;
  const near = nearest(wanted, [...catalogue.map(({ slug }) => slug), ...catalogue.map(({ id }) => id)]);
  throw usageError({
    what: `there is no challenge ${idOrSlug}`,
    why: near.length === 0 ? 'nothing has a name like it' : `the nearest names are ${near.join(', ')}`,
    hint: 'kubedrill list',
  });
}

/** What a seed, and a variant if one is asked for, amount to in this lab. Usage error for what cannot be. */
export function planRun<P>(
  scenario: Scenario<P>,
  session: Pick<Session, 'nodes'>,
  options: Pick<StartOptions, 'seed' | 'variant'>,
): RunPlan<P> {
  const seed = checkedSeed(options.seed ?? scenario.defaultSeed);
  const dice = diceOf(scenario, seed);
  const playable = scenario.variants.filter((variant) => variant.unavailable === undefined);
  const variant =
    options.variant === undefined ? dice('variant').pick(playable) : findVariant(scenario, options.variant);
  return { seed, variant: variant.id, parameters: scenario.parameters(variant.id, shapeOf(session), dice) };
}

function summaryOf(scenario: Scenario): ScenarioSummary {
  const { id, slug, title, domain, competencies, difficulty, minutes, layer, topologies, variants } = scenario;
  return { id, slug, title, domain, competencies, difficulty, minutes, layer, topologies, variants };
}

function checkedSeed(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw usageError({
    what: `${String(seed)} is not a seed`,
    why: 'a seed is a whole number from 0 up',
    hint: 'leave --seed away, or give e.g. --seed 7',
  });
}

function findVariant(scenario: Pick<Scenario, 'id' | 'slug' | 'variants'>, wanted: string): VariantSummary {
  const variant = scenario.variants.find(({ id }) => id === wanted.toLowerCase());
  const names = scenario.variants.map(({ id }) => id);
  if (!variant) {
    const near = nearest(wanted, names);
    throw usageError({
      what: `${scenario.id} has no variant ${wanted}`,
      why: `it has ${names.join(', ')}`,
      hint: near[0] === undefined ? 'leave --variant away' : `--variant ${near[0]}`,
    });
  }
  if (variant.unavailable !== undefined) {
    throw usageError({
      what: `variant ${variant.id} of ${scenario.id} cannot be played in this lab`,
      why: variant.unavailable,
      hint: `kubedrill start ${scenario.slug} --variant ${names[0] ?? ''}`,
    });
  }
  return variant;
}
