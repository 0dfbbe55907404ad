import { Incidents } from '../../../../detector/app/incidents.ts';
import { LOSS_INTERVAL_MS } from '../../../../detector/app/loss-alarm.ts';
import { LOSS_CAUSE_NAMES, lossCause } from '../../../../detector/app/loss-causes.ts';
import { LossWatch } from '../../../../detector/app/loss-watch.ts';
import type { AlertDocument } from '../../../../detector/output/alert-document.ts';
import type { OutputStats } from '../../../../detector/output/output.ts';
import { fakeClock } from '../../../support/clock.ts';

function stage() {
  const clock = fakeClock(1_700_000_000_000);
  const incidents = new Incidents(() => clock.now());
  const alerts: AlertDocument[] = [];
  const outputs: Pick<OutputStats, 'dropped' | 'failed'>[] = [];
  const watch = new LossWatch({
    node: 'node-1',
    clock,
    incidents,
    outputs: () => outputs as OutputStats[],
    nextSequence: () => alerts.length + 1,
    onAlert: (alert) => alerts.push(alert),
  });
  const told = (): unknown[] => alerts.map(({ output_fields: { cause, count } }) => [cause, count]);
  return { clock, incidents, alerts, outputs, watch, told };
}

describe('incidents', () => {
  test('of one cause within a second are one, so that a flood does not wash away what else happened', () => {
    const { clock, incidents } = stage();
    incidents.note('sensorSilent', 1, 'the sensor was silent for 4.0 s');
    for (let n = 0; n < 2_000; n++) {
      clock.advance(1);
      incidents.note('truncated');
    }
    expect(incidents.list().map(({ cause, count, grade }) => [cause, count, grade])).toEqual([
      ['sensorSilent', 0, 'voids'],
      ['truncated', 1_000, 'excuses'],
      ['truncated', 1_000, 'excuses'],
    ]);
    expect(incidents.totals()).toMatchObject({ truncated: 2_000, sensorSilent: 1, ringFull: 0 });
  });

  test('carry the time of the latest loss in them: a grade that begins within one has to know of it', () => {
    const { clock, incidents } = stage();
    incidents.note('ringFull', 3);
    clock.advance(900);
    incidents.note('ringFull', 4);
    expect(incidents.list()).toEqual([
      {
        timeMs: 1_700_000_000_900,
        cause: 'ringFull',
        grade: 'voids',
        source: 'syscall',
        says: 'events that found no room between kernel and sensor',
        count: 7,
      },
    ]);
  });

  test('are remembered in a bounded number, the latest', () => {
    const { clock, incidents } = stage();
    for (let n = 1; n <= 600; n++) {
      incidents.note('auditLost', n);
      clock.advance(1_000);
    }
    expect(incidents.list()).toHaveLength(500);
    expect(incidents.list().at(-1)?.count).toBe(600);
  });
});

describe('an alert about losses', () => {
  test('names cause, number and node, and has the next number of the Channel', () => {
    const { alerts, incidents, watch } = stage();
    incidents.note('ringFull', 12);
    watch.look();
    expect(alerts).toEqual([
      {
        time: '2023-11-14T22:13:20.000000000Z',
        rule: 'KD Detector lost events',
        priority: 'Error',
        source: 'internal',
        hostname: 'node-1',
        output:
          '22:13:20.000000: Error The detector of node-1 lost something: events that found no room between kernel and sensor: 12 (cause=ringFull)',
        tags: [],
        output_fields: { cause: 'ringFull', count: 12, node: 'node-1' },
        sequence: 1,
        latencyMs: 0,
        monotonicNs: '1700000000000000000',
        attribution: { node: 'node-1' },
      },
    ]);
  });

  test('comes once an interval for each cause, with all that was lost meanwhile', () => {
    const { clock, incidents, watch, told } = stage();
    for (let second = 0; second < 90; second++) {
      incidents.note('ringFull', 2);
      if (second === 5) incidents.note('malformedFrames');
      watch.look();
      clock.advance(1_000);
    }
    expect(told()).toEqual([
      ['ringFull', 2],
      ['malformedFrames', 1],
      ['ringFull', 2 * 60],
    ]);
  });

  test('does not come for what stays below the threshold in every interval', () => {
    const { clock, incidents, watch, told } = stage();
    const { alertFrom } = lossCause('truncated');
    for (let minute = 0; minute < 10; minute++) {
      incidents.note('truncated', alertFrom - 1);
      watch.look();
      clock.advance(LOSS_INTERVAL_MS);
      watch.look();
    }
    expect(told()).toEqual([]);
    incidents.note('truncated', alertFrom);
    watch.look();
    expect(told()).toEqual([['truncated', alertFrom]]);
  });

  test('counts what outputs did not deliver, and does not feed on its own failing delivery', () => {
    const { clock, incidents, outputs, alerts, watch } = stage();
    outputs.push({ dropped: 4, failed: 6 });
    watch.look();
    expect(alerts).toMatchObject([{ priority: 'Warning', output_fields: { cause: 'outputAlerts', count: 10 } }]);
    for (let minute = 0; minute < 10; minute++) {
      // The alert itself was not delivered either.
      outputs[0] = { dropped: 4 + alerts.length, failed: 6 };
      clock.advance(LOSS_INTERVAL_MS);
      watch.look();
    }
    expect(alerts).toHaveLength(1);
    expect(incidents.list().every(({ grade }) => grade === 'none')).toBe(true);
  });

  test('goes on counting when an output is removed and takes its count with it', () => {
    const { incidents, outputs, watch } = stage();
    outputs.push({ dropped: 3, failed: 0 });
    watch.look();
    outputs[0] = { dropped: 1, failed: 0 };
    watch.look();
    outputs[0] = { dropped: 2, failed: 0 };
    watch.look();
    expect(incidents.totals().outputAlerts).toBe(4);
  });
});

describe('the causes of losses', () => {
  test('that void a grade raise an alert at the first loss', () => {
    const patient = LOSS_CAUSE_NAMES.filter(
      (name) => lossCause(name).grade === 'voids' && lossCause(name).alertFrom > 1,
    );
    expect(patient).toEqual([]);
  });
});
