import type { MeterPath } from '../types.ts';
import type { ControlRoutes } from './control-server.ts';
import type { Keyring } from './keyring.ts';
import { startMeter, type MeterParts, type RunningMeter } from './meter/meter.ts';
import { monotonicMs } from './monotonic.ts';
import { keyOf, meterOrderOf, probeOrderOf, relayOrderOf } from './orders.ts';
import type { MeterState, ProberState } from './protocol.ts';
import { relay } from './relay.ts';
import { runJobs } from './run-jobs.ts';

export interface ProberServices extends MeterParts {
  readonly keys: Keyring;
  readonly state: () => ProberState;
  /** Folder of this prober's socket and those of its neighbours. */
  readonly socketFolder: string;
}

/** What the Channel can ask of a prober, and what ends its meter. */
export function proberRoutes(services: ProberServices): { readonly routes: ControlRoutes; readonly stop: () => void } {
  let meter: RunningMeter | undefined;
  let roster: readonly MeterPath[] = [];
  const stop = (): void => {
    meter?.stop();
    meter = undefined;
    roster = [];
  };
  const routes: ControlRoutes = {
    'GET /healthz': () => services.state(),
    'POST /key': ({ body }) => {
      services.keys.add(keyOf(body));
      return services.state();
    },
    'POST /probe': ({ body }) => runJobs(probeOrderOf(body), services.probe),
    'POST /relay': ({ body }) => relay(services.socketFolder, relayOrderOf(body)),
    'POST /meter': ({ body }) => {
      const order = meterOrderOf(body);
      stop();
      services.keys.add(order.key);
      roster = order.roster;
      meter = startMeter(order.paths, order.key, services);
    },
    'GET /meter': ({ query }): MeterState => ({
      nowMs: monotonicMs(),
      startedAtMs: services.state().startedAtMs,
      roster,
      readings: meter?.readings() ?? [],
      transitions: meter?.transitions(Number(query.get('since') ?? 0)) ?? [],
    }),
    'DELETE /meter': stop,
  };
  return { routes, stop };
}
