import type { NodeHandle } from '../../../../core/index.ts';
import type { MeterState, MeterTransition } from '../../../../network/agent/protocol.ts';
import type { Said } from '../../../../network/lab/ask.ts';
import type { ProberRef } from '../../../../network/lab/prober-refs.ts';
import { readingsIn, transitionsIn } from '../../../../network/meter/read.ts';
import type { MeterPath, MeterReading } from '../../../../network/types.ts';

const PATHS: readonly MeterPath[] = [pathFrom('o.p2p@a', 'a/pod-b'), pathFrom('o.p2p@b', 'b/pod-b')];
const GOOD: MeterReading = {
  path: 'o.p2p@a',
  probes: 100,
  failures: 0,
  missedTicks: 0,
  outages: [],
  totalOutageMs: 0,
  lastOk: true,
};

describe('the readings of the meter', () => {
  test('are those of the probers, in the order of the paths', () => {
    const said = [
      answered('b/pod-b', { readings: [{ ...GOOD, path: 'o.p2p@b' }], roster: PATHS }),
      answered('a/pod-b', { readings: [GOOD], roster: PATHS }),
    ];
    expect(readingsIn(said).map(({ path, probes }) => [path, probes])).toEqual([
      ['o.p2p@a', 100],
      ['o.p2p@b', 100],
    ]);
  });

  test('say that nothing is known of a path whose prober is gone', () => {
    const said = [answered('a/pod-b', { readings: [GOOD], roster: PATHS }), gone('b/pod-b')];
    const lost = readingsIn(said)[1];
    expect(lost).toMatchObject({ path: 'o.p2p@b', probes: 0, lastOk: false });
    expect(lost?.outages[0]).toMatchObject({ error: 'prober-down', open: true });
  });

  test('say the same of a prober that has started anew and forgotten its paths, since when it did', () => {
    const said = [
      answered('a/pod-b', { readings: [GOOD], roster: PATHS }),
      answered('b/pod-b', { readings: [], roster: [], startedAtMs: 4_000, nowMs: 10_000 }),
    ];
    expect(readingsIn(said)[1]?.outages[0]).toMatchObject({
      firstFailure: 4_000,
      outageMs: 6_000,
      error: 'prober-down',
    });
  });

  test('cover the paths that the caller names, even when every prober has forgotten them', () => {
    expect(readingsIn([gone('a/pod-b'), gone('b/pod-b')], PATHS).map(({ path, lastOk }) => [path, lastOk])).toEqual([
      ['o.p2p@a', false],
      ['o.p2p@b', false],
    ]);
  });

  test('are empty when no meter runs', () => {
    expect(readingsIn([answered('a/pod-b', {}), answered('b/pod-b', {})])).toEqual([]);
  });
});

describe('the transitions of the meter', () => {
  const change = (seq: number, t: number): MeterTransition => ({ seq, t, path: 'o.p2p@a', ok: false, ms: 0 });

  test('come in the order of their times, with a cursor for the next call', () => {
    const said = [
      answered('a/pod-b', { transitions: [change(1, 10), change(2, 30)] }),
      answered('b/pod-b', { transitions: [change(1, 20)] }),
    ];
    const { transitions, cursor, lost } = transitionsIn(said, {});
    expect(transitions.map(({ t }) => t)).toEqual([10, 20, 30]);
    expect(cursor).toEqual({ 'a/pod-b': 2, 'b/pod-b': 1 });
    expect(lost).toBe(0);
  });

  test('leave the cursor of a silent prober where it was', () => {
    expect(transitionsIn([gone('a/pod-b')], { 'a/pod-b': 7 }).cursor).toEqual({ 'a/pod-b': 7 });
  });

  test('say how many were lost when the numbers have a gap', () => {
    expect(transitionsIn([answered('a/pod-b', { transitions: [change(9, 1)] })], { 'a/pod-b': 5 }).lost).toBe(3);
  });
});

function pathFrom(name: string, from: string): MeterPath {
  return { name, from, target: { kind: 'tcp', host: '10.0.0.1', port: 80 } };
}

function refOf(name: string): ProberRef {
  return { name, role: 'pod-b', node: { name: 'n' } as NodeHandle, socket: 'probe-pod-b.sock' };
}

function answered(name: string, state: Partial<MeterState>): Said<MeterState> {
  const body = { nowMs: 10_000, startedAtMs: 0, roster: [], readings: [], transitions: [], ...state };
  return { prober: refOf(name), kind: 'answer', body };
}

function gone(name: string): Said<MeterState> {
  return { prober: refOf(name), kind: 'failure', why: 'nobody listens' };
}
