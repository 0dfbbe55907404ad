import type { ChalkInstance } from 'chalk';
import { LOSS_CAUSES, type DetectorStats, type GradeEffect, type LossCause } from '../../detector/index.ts';
import { table } from './table.ts';

/** What a node's detector has counted, or why it does not answer. */
export interface NodeStats {
  readonly node: string;
  readonly stats?: DetectorStats;
  readonly why?: string;
}

/** A line for each node, and below it what was lost and what that does to a grade. */
export function detectorStatsText(nodes: readonly NodeStats[], style: ChalkInstance): string {
  const head = ['NODE', 'EVENTS', 'AUDIT', 'ALERTS', 'P50', 'P99', 'WAITING', 'MEMORY'];
  const silent = nodes.filter(({ stats }) => stats === undefined);
  const losses = nodes.flatMap(({ stats }) => (stats === undefined ? [] : lossLines(stats, style)));
  return [
    table(
      head,
      nodes.flatMap(({ stats }) => (stats === undefined ? [] : [row(stats)])),
      style,
    ),
    ...(losses.length === 0 ? ['nothing was lost\n'] : losses),
    ...silent.map(({ node, why }) => style.red(`${node} does not answer: ${why ?? ''}\n`)),
  ].join('');
}

function row({ node, events, alerts, latency, undecided, memory }: DetectorStats): readonly string[] {
  const time = (ms: number | null): string => (ms === null ? '-' : `${ms.toFixed(1)} ms`);
  const mebibytes = (memory.engineRssBytes + memory.sensorRssBytes) / (1024 * 1024);
  const counts = [events.syscall, events.k8sAudit, alerts.raised].map(String);
  return [node, ...counts, time(latency.p50Ms), time(latency.p99Ms), String(undecided), `${mebibytes.toFixed(0)} MiB`];
}

const EFFECTS: Readonly<Record<GradeEffect, string>> = {
  voids: 'a grade of that time is inconclusive',
  excuses: 'a grade of that time that misses an alert is inconclusive',
  none: 'grades are as good as ever',
};

function lossLines({ node, drops }: DetectorStats, style: ChalkInstance): readonly string[] {
  const counts: Readonly<Record<string, number>> = { ...drops };
  return Object.entries<LossCause>(LOSS_CAUSES).flatMap(([name, { says, grade }]) => {
    const count = counts[name] ?? 0;
    const colour = grade === 'voids' ? style.red : style.yellow;
    return count === 0 ? [] : [`${colour(node)} ${says}: ${String(count)} (${EFFECTS[grade]})\n`];
  });
}
