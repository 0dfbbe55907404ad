import type { GradeResult } from '../../scenarios/index.ts';

type Outages = GradeResult['outages'];

/** One line a path, the longest out first: how long in all, how often, the longest stretch, and how it failed. */
export function outageLines(outages: Outages): readonly string[] {
  return [...new Set(outages.map(({ path }) => path))]
    .map((path) => {
      const all = outages.filter((outage) => outage.path === path);
      return { path, all, totalMs: sum(all) };
    })
    .sort((a, b) => b.totalMs - a.totalMs)
    .map(({ path, all, totalMs }) => `${path.padEnd(28)} ${seconds(totalMs)}  ${describe(all)}`);
}

function describe(all: Outages): string {
  const classes = [...new Set(all.map(({ error }) => error))].join(', ');
  const open = all.some((outage) => outage.open) ? ', still open' : '';
  if (all.length === 1) return `${classes}${open}`;
  const longestMs = Math.max(...all.map(({ outageMs }) => outageMs));
  return `in ${String(all.length)} stretches, the longest ${seconds(longestMs).trimStart()} (${classes})${open}`;
}

function sum(all: Outages): number {
  return all.reduce((total, { outageMs }) => total + outageMs, 0);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(6)} s`;
}
