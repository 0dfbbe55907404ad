import type { ClusterPerformed } from './perform-cluster.ts';
import type { Performed } from './perform.ts';

/** One action as a line: what was expected of it and fired, what did not, and what else did. */
export function resultLine({ action, alerts, error }: Performed, expected: readonly string[]): string {
  const fired = alerts.map(({ rule }) => rule);
  const missing = expected.filter((rule) => !fired.includes(rule));
  const surplus = without(fired, expected);
  const mark = missing.length === 0 && surplus.length === 0 && error === undefined ? '✓' : '✗';
  const users = [...new Set(alerts.map(({ attribution }) => attribution.user ?? '(no user)'))].join(', ');
  return [
    `${mark} ${action.rule.padEnd(64)} ${action.maturity.padEnd(10)} ${action.pod.padEnd(10)} ${users}`,
    ...missing.map((rule) => `    did not fire: ${rule}`),
    ...surplus.map((rule) => `    fired as well: ${rule}`),
    ...(error === undefined ? [] : [`    could not be done: ${error}`]),
  ].join('\n');
}

/** One action on the cluster as a line: which of its alerts are missing, as they should be told, and what else fired. */
export function clusterLine(
  { action, error }: ClusterPerformed,
  expected: readonly string[],
  told: readonly string[],
): string {
  const missing = without(expected, told);
  const surplus = without(told, expected);
  const mark = missing.length === 0 && surplus.length === 0 && error === undefined ? '✓' : '✗';
  return [
    `${mark} ${action.rule.padEnd(64)} ${action.where.padEnd(5)} ${action.does}`,
    ...missing.map((one) => `    did not fire: ${one}`),
    ...surplus.map((one) => `    fired as well: ${one}`),
    ...(error === undefined ? [] : [`    could not be done: ${error}`]),
  ].join('\n');
}

/** Latencies from the kernel's time stamp to the alert, of all alerts. */
export function latencyLine(performed: readonly Pick<Performed, 'alerts'>[]): string {
  const latencies = performed.flatMap(({ alerts }) => alerts.map(({ latencyMs }) => latencyMs)).sort((a, b) => a - b);
  const at = (share: number): string => (latencies[Math.ceil(latencies.length * share) - 1] ?? NaN).toFixed(1);
  return `latency of ${String(latencies.length)} alerts: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
}

/** What is in `all` beyond the elements of `some`, each of which takes one away. */
function without(all: readonly string[], some: readonly string[]): readonly string[] {
  const rest = [...all];
  for (const one of some) if (rest.includes(one)) rest.splice(rest.indexOf(one), 1);
  return rest;
}
