import { done, notYet, waitFor } from '../../../core/index.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import type { PlayContext } from '../../define.ts';
import { nodeFitness } from '../../cluster/node-fitness.ts';
import { LIFT_SCRIPT } from './cut.ts';
import { oneTruth } from './one-truth.ts';
import type { SplitParameters } from './parameters.ts';

type Context = PlayContext<SplitParameters>;

const HEALED_MS = 120_000;

export async function onVictim({ env, parameters }: Context, script: string): Promise<void> {
  await nodeOf(env.session, parameters.victim).exec(['bash', '-c', script], { timeoutMs: 60_000 });
}

/** Opens the port as it was, and waits as one who repairs a thing waits until it works. */
export async function openPort(context: Context): Promise<void> {
  await onVictim(context, LIFT_SCRIPT);
  await untilHealed(context);
}

export async function untilHealed({ env, parameters: { victim } }: Context): Promise<void> {
  await waitFor(
    async () => {
      const [{ ready }, truth] = await Promise.all([nodeFitness(env, victim), oneTruth(env, victim)]);
      return ready === 'True' && truth.ok ? done(undefined) : notYet(`Ready is ${ready}; ${truth.observed}`);
    },
    { what: 'one truth', timeoutMs: HEALED_MS, clock: env.session.clock, intervalMs: 500 },
  );
}
