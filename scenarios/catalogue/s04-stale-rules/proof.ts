import type { MeterReading } from '../../../network/index.ts';
import { done, notYet, waitFor } from '../../../core/index.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { defineProof, type Finding, type Play, type PlayContext } from '../../define.ts';
import { everyPodAnswers } from './answerers.ts';
import { cheats } from './cheats.ts';
import { fixes } from './fixes.ts';
import type { StaleParameters } from './parameters.ts';
import { correct } from './repair.ts';

type Context = PlayContext<StaleParameters>;

const WATCH_MS = 12_000;
const PODS = 4;
/** Of some 200 calls led to pods by chance. */
const ROOM = 0.15;
const NOISE = 0.02;

export default defineProof<StaleParameters>({
  reference: tried({
    name: 'follow-again',
    says: 'what keeps kube-proxy from following corrected at its place, and its pod made again where it reads its configuration',
    run: correct,
  }),
  fixes: fixes.map(tried),
  cheats,
  answers: async ({ parameters: { victim } }) => ({ node: victim }),
  prediction: provePrediction,
});

/** A fix, and then a try whether it helped. */
function tried(fix: Play<StaleParameters>): Play<StaleParameters> {
  return {
    ...fix,
    run: async (context) => {
      await fix.run(context);
      const { env, parameters } = context;
      await waitFor(
        async () => {
          const { ok, observed } = await everyPodAnswers(env, nodeOf(env.session, parameters.victim));
          return ok ? done(undefined) : notYet(observed);
        },
        { what: 'web to answer', timeoutMs: 30_000, clock: env.session.clock },
      );
    },
  };
}

/** As many calls are lost as pods of four are new, on that machine only, and in silence: nothing refuses at a dead address. */
async function provePrediction({ env, parameters, readMeter }: Context): Promise<Finding> {
  const before = await readMeter();
  await env.session.clock.sleep(WATCH_MS);
  const after = await readMeter();
  const share = (path: string): number => lostShare(before, after, path);
  const victim = `o.svc@${parameters.victim}`;
  const lost = share(victim);
  const dead = parameters.rolled / PODS;
  const others = env.session.nodes
    .map(({ name }) => `o.svc@${name}`)
    .filter((path) => path !== victim && share(path) > NOISE);
  const refused = after.filter(
    ({ path, outages }) => path === victim && outages.some(({ error }) => error === 'refused'),
  );
  const problems = [
    ...(Math.abs(lost - dead) <= ROOM ? [] : [`${percent(lost)} of the calls are lost, not ${percent(dead)}`]),
    ...(others.length === 0 ? [] : [`${others.join(', ')} lose calls too`]),
    ...(refused.length === 0 ? [] : ['calls are refused']),
  ];
  return { ok: problems.length === 0, observed: problems.join('; ') || `${percent(lost)} of the calls are lost` };
}

function lostShare(before: readonly MeterReading[], after: readonly MeterReading[], path: string): number {
  const [old, now] = [before, after].map((readings) => readings.find((reading) => reading.path === path));
  const probes = (now?.probes ?? 0) - (old?.probes ?? 0);
  return probes === 0 ? 0 : ((now?.failures ?? 0) - (old?.failures ?? 0)) / probes;
}

function percent(share: number): string {
  return `${String(Math.round(share * 100))} %`;
}
