import { messageOf } from '../../core/index.ts';
import type { RunEnvironment } from '../ports.ts';
import { contextOf } from '../runner/context.ts';
import { openCurrentRun } from '../runner/current.ts';
import type { Debrief } from '../types.ts';
import { timelineOf } from './timeline.ts';

/** What was measured in the open run so far. A source that does not answer is named in `gaps`; the rest is told all the same. */
export async function debrief(env: RunEnvironment): Promise<Debrief> {
  return env.labs.withLock('debrief', async () => {
    const { scenario, journal } = await openCurrentRun(env);
    const state = journal.state();
    const context = contextOf(env, state);
    const sinceMs = Date.parse(state.breakAt?.at ?? state.startedAt);
    const gaps: string[] = [];
    const orElse = async <T>(what: string, work: Promise<T>, nothing: T): Promise<T> =>
      work.catch((error: unknown) => {
        gaps.push(`${what}: ${messageOf(error)}`);
        return nothing;
      });
    const [meter, alerts, evidence] = await Promise.all([
      orElse('the meter', env.network.readMeter(), []),
      orElse(
        'the detector',
        env.detector.read(sinceMs).then((reading) => reading.alerts),
        [],
      ),
      orElse('the logs', scenario.evidence?.(context, sinceMs) ?? Promise.resolve(NONE), NONE),
    ]);
    const intruders = scenario.intruders?.(context) ?? [];
    const { facts, logged } = evidence;
    return {
      timeline: timelineOf({ state, entries: journal.entries(), meter, alerts, intruders, logged }),
      facts,
      gaps,
    };
  });
}

const NONE = { facts: [], logged: [] };
