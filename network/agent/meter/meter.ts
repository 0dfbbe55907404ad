import type { FailureClass, MeterPath, MeterReading, MeterTarget } from '../../types.ts';
import { judgeAnswer, judgeRecords, type Verdict } from '../judge.ts';
import { monotonicMs } from '../monotonic.ts';
import { flow, type Flow } from '../probe/flow.ts';
import { newNonce, type Prober } from '../probe/prober.ts';
import type { MeterTransition, ProbeTarget, RunKey } from '../protocol.ts';
import { pathLog, type PathLog } from './path-log.ts';
import { afterTick, staggered, type Ticks } from './ticks.ts';
import { transitionLog } from './transitions.ts';

/** Below the second after which TCP sends its SYN again: a probe tells of its own moment, not of a later one. */
const PROBE_TIMEOUT_MS = 900;
/** A flow may need one retransmission for a lost segment without being broken. */
const FLOW_TIMEOUT_MS = 1_000;
/** A timer so late means that this process did not run: what timed out meanwhile says nothing about the path. */
const STALL_MS = 250;

export interface MeterParts {
  readonly probe: Prober;
  readonly from?: string;
  readonly now?: () => number;
}

export interface RunningMeter {
  readings(): readonly MeterReading[];
  transitions(since: number): readonly MeterTransition[];
  stop(): void;
}

interface Watched {
  readonly path: MeterPath;
  readonly log: PathLog;
  readonly flow?: Flow;
  ticks: Ticks;
  discarded: number;
}

/** Probes every path 20 times a second until it is stopped, whoever started it. */
export function startMeter(paths: readonly MeterPath[], key: RunKey, parts: MeterParts): RunningMeter {
  const now = parts.now ?? monotonicMs;
  const changes = transitionLog();
  const starts = staggered(paths.length, now());
  const watched = paths.map((path, index): Watched => ({
    path,
    log: pathLog(path.name, ({ t, error, detail }, ms) =>
      changes.add({ t, path: path.name, ms, ...failureParts(error, detail) }),
    ),
    ticks: starts[index] ?? { dueMs: now(), missed: 0 },
    discarded: 0,
    ...(path.target.kind === 'flow' ? { flow: openFlow(path.target, parts) } : {}),
  }));
  let stalledUntil = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const turn = (): void => {
    const nowMs = now();
    for (const one of watched) {
      if (one.ticks.dueMs > nowMs) continue;
      if (nowMs - one.ticks.dueMs > STALL_MS) stalledUntil = nowMs;
      one.ticks = afterTick(one.ticks, nowMs);
      void take(one, key, parts, now, (startedAt) => startedAt < stalledUntil);
    }
    const next = Math.min(...watched.map(({ ticks }) => ticks.dueMs));
    timer = setTimeout(turn, Math.max(0, next - now()));
  };
  if (watched.length > 0) turn();
  return {
    readings: () =>
      watched.map(({ log, ticks, discarded, flow: kept }) => ({
        ...log.reading(ticks.missed + discarded),
        ...(kept === undefined ? {} : { flowBreaks: kept.breaks() }),
      })),
    transitions: (since) => changes.since(since),
    stop: () => {
      clearTimeout(timer);
      for (const one of watched) one.flow?.stop();
    },
  };
}

async function take(
  one: Watched,
  key: RunKey,
  parts: MeterParts,
  now: () => number,
  ranLate: (startedAt: number) => boolean,
): Promise<void> {
  const t = now();
  const end = one.log.begin();
  const verdict = await tryOnce(one, key, parts);
  if (!verdict.ok && isSilence(verdict.error) && ranLate(t)) {
    one.discarded += 1;
    end(undefined);
    return;
  }
  end({ t, ms: now() - t, ...(verdict.ok ? {} : { error: verdict.error, detail: verdict.detail }) });
}

async function tryOnce({ path: { target }, flow: kept }: Watched, key: RunKey, parts: MeterParts): Promise<Verdict> {
  const question = { nonce: newNonce(), keyId: key.id };
  if (target.kind === 'dns') {
    const outcome = await parts.probe(probeTargetOf(target), question, { timeoutMs: PROBE_TIMEOUT_MS });
    return judgeRecords(outcome, target.expect ?? []);
  }
  const outcome =
    kept === undefined
      ? await parts.probe(probeTargetOf(target), question, { timeoutMs: PROBE_TIMEOUT_MS })
      : await kept.ping(question, FLOW_TIMEOUT_MS);
  const { answerers } = target;
  return judgeAnswer(outcome, { nonce: question.nonce, key, ...(answerers === undefined ? {} : { answerers }) });
}

function probeTargetOf(target: MeterTarget): ProbeTarget {
  if (target.kind === 'dns') return { ...target, recordType: 'A' };
  if (target.kind === 'flow') return { kind: 'tcp', host: target.host, port: target.port };
  return { ...target, kind: target.kind };
}

function openFlow(target: { readonly host: string; readonly port: number }, { from }: MeterParts): Flow {
  return flow({ host: target.host, port: target.port, ...(from === undefined ? {} : { from }) });
}

function isSilence(error: FailureClass): boolean {
  return error === 'timeout' || error === 'dns-no-answer';
}

function failureParts(
  error: FailureClass | undefined,
  detail: string | undefined,
): { readonly ok: boolean; readonly error?: FailureClass; readonly detail?: string } {
  if (error === undefined) return { ok: true };
  return { ok: false, error, ...(detail === undefined ? {} : { detail }) };
}
