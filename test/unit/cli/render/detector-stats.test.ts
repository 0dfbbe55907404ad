import { Chalk } from 'chalk';
import { detectorStatsText } from '../../../../cli/render/detector-stats.ts';
import type { DetectorStats } from '../../../../detector/index.ts';

const style = new Chalk({ level: 0 });

function stats(node: string, drops: Partial<DetectorStats['drops']> = {}): DetectorStats {
  return {
    node,
    events: { syscall: 1200, k8sAudit: 30 },
    alerts: { raised: 4 },
    latency: { p50Ms: 1.7, p99Ms: null },
    undecided: 2,
    memory: { engineRssBytes: 90 * 1024 * 1024, sensorRssBytes: 11 * 1024 * 1024 },
    drops,
  } as DetectorStats;
}

describe('the statistics of detectors', () => {
  test('are a line for each node', () => {
    const text = detectorStatsText([{ node: 'a', stats: stats('a') }], style);
    expect(text).toMatch(
      /^NODE +EVENTS +AUDIT +ALERTS +P50 +P99 +WAITING +MEMORY\na +1200 +30 +4 +1\.7 ms +- +2 +101 MiB\n/,
    );
    expect(text).toContain('nothing was lost');
  });

  test('say what was lost where, and what it does to a grade', () => {
    const nodes = [
      { node: 'a', stats: stats('a', { ringFull: 7, unknownProcesses: 9 }) },
      { node: 'b', stats: stats('b', { judgedWithoutFacts: 2, outputAlerts: 1 }) },
      { node: 'c', why: 'no answer' },
    ];
    expect(detectorStatsText(nodes, style).split('\n').slice(3)).toEqual([
      'a events that found no room between kernel and sensor: 7 (a grade of that time is inconclusive)',
      'b events judged without facts about their pod, which did not come in time: 2 (a grade of that time that misses an alert is inconclusive)',
      'b alerts that an output did not deliver: 1 (grades are as good as ever)',
      'c does not answer: no answer',
      '',
    ]);
  });
});
