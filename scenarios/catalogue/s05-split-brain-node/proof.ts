import { defineProof, type Finding, type PlayContext } from '../../define.ts';
import { longestTotalMs } from '../../grader/outages.ts';
import { measuredCard } from './card.ts';
import { cheats } from './cheats.ts';
import { cutOf, DEFAULT_TOLERATION_S } from './cut.ts';
import { fixes } from './fixes.ts';
import type { SplitParameters } from './parameters.ts';
import { openPort } from './repair.ts';
import { timelineOf, type Timeline } from './timeline.ts';

export default defineProof<SplitParameters>({
  reference: {
    name: 'chain-removed',
    says: 'the jumps, the rules and the chain removed for both families; the kubelet comes back by itself',
    run: openPort,
  },
  fixes,
  cheats,
  answers: async (context) => {
    const timeline = timelineOf(context);
    return timeline === undefined ? {} : measuredCard(context.parameters.victim, timeline);
  },
  prediction: provePrediction,
});

/** From when to when each thing may come, in milliseconds after what it follows; a machine without a free core adds some seconds. */
interface Window {
  readonly says: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tookMs: (timeline: Timeline) => number;
}

function windows(tolerationMs: number): readonly Window[] {
  return [
    { says: 'given up after the cut', fromMs: 40_000, toMs: 65_000, tookMs: (seen) => seen.unreachableMs },
    {
      says: 'endpoints withdrawn after that',
      fromMs: 0,
      toMs: 4_000,
      tookMs: (seen) => seen.withdrawnMs - seen.unreachableMs,
    },
    {
      says: 'forgotten by the other machines after that',
      fromMs: 0,
      toMs: 4_000,
      tookMs: (seen) => seen.forgottenMs - seen.withdrawnMs,
    },
    {
      says: 'the till evicted after it was given up',
      fromMs: tolerationMs - 1_000,
      toMs: tolerationMs + 5_000,
      tookMs: (seen) => seen.evictedMs - seen.unreachableMs,
    },
    { says: 'two tills after that', fromMs: 0, toMs: 20_000, tookMs: (seen) => seen.twiceMs - seen.evictedMs },
  ];
}

/** What was measured while the lab was broken, against the cluster’s own clocks; and nobody’s calls were lost. */
async function provePrediction(context: PlayContext<SplitParameters>): Promise<Finding> {
  const timeline = timelineOf(context);
  if (timeline === undefined) return { ok: false, observed: 'nothing was measured' };
  const tolerationMs = (cutOf(context.variant).tolerationSeconds ?? DEFAULT_TOLERATION_S) * 1000;
  const wrong = windows(tolerationMs).filter(({ fromMs, toMs, tookMs }) => {
    const ms = tookMs(timeline);
    return ms < fromMs || ms > toMs;
  });
  const lostMs = longestTotalMs(await context.readMeter(), /^o\.(svc|p2p)@/, context.state.breakAt?.monotonicMs ?? 0);
  const observed = [
    ...wrong.map(({ says, tookMs }) => `${says}: ${(tookMs(timeline) / 1000).toFixed(1)} s`),
    ...(lostMs > 1_000 ? [`calls were lost for ${String(lostMs)} ms`] : []),
  ];
  return { ok: observed.length === 0, observed: observed.join('; ') || JSON.stringify(timeline) };
}
