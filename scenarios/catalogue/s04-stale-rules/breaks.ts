import { refTo } from '../../cluster/objects.ts';
import type { RunContext } from '../../define.ts';
import { rollPods } from '../../faults/roll-pods.ts';
import type { RunStep } from '../../faults/step.ts';
import { causeOf } from './causes.ts';
import type { StaleParameters } from './parameters.ts';

const WEB = refTo('apps/v1', 'Deployment', 'web', 'shop');
const LOST_PROBES = 5;

/** The cause, and then what the machine's rules no longer follow. */
export function breaks({ variant, parameters }: RunContext<StaleParameters>): readonly RunStep[] {
  const { victim, rolled } = parameters;
  const roll = rollPods(`replace ${String(rolled)} pods of web`, WEB, rolled);
  return [...causeOf(variant).steps(victim), { ...roll, inEffect: (context) => callsAreLost(context, victim) }];
}

/** Each call from the machine is led to any of the pods, so which ones fail is chance, and how many in a row says nothing. */
async function callsAreLost({ env }: Pick<RunContext<unknown>, 'env'>, victim: string) {
  const reading = (await env.network.readMeter()).find(({ path }) => path === `o.svc@${victim}`);
  const failures = reading?.failures ?? 0;
  return { ok: failures >= LOST_PROBES, observed: `${String(failures)} calls were lost` };
}
