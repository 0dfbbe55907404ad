import type { AlertCount } from '../output/alert-counts.ts';
import type { HistogramSnapshot } from '../output/histogram.ts';
import type { OutputStats } from '../output/output.ts';
import { prometheusText, type Metric, type Sample } from '../output/prometheus-text.ts';
import type { DetectorStats } from './report.ts';

export interface MetricsInput {
  readonly stats: DetectorStats;
  readonly isHealthy: boolean;
  readonly alerts: readonly AlertCount[];
  /** From event to alert, in seconds. */
  readonly latency: HistogramSnapshot;
}

/** Bounds of the latency's buckets, in seconds: most alerts come within milliseconds, those that wait for facts in 1 s. */
export const LATENCY_BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5];

/** The state of the detector in the text format of Prometheus. */
export function metricsText({ stats, isHealthy, alerts, latency }: MetricsInput): string {
  const one = (value: number): readonly Sample[] => [{ value }];
  const { events, drops, reload, rules, memory } = stats;
  return prometheusText([
    gauge('healthy', 'Whether everything is seen and the newest configuration holds.', one(isHealthy ? 1 : 0)),
    counter('events_total', 'Events that the rules were asked about.', [
      { labels: { source: 'syscall' }, value: events.syscall },
      { labels: { source: 'k8s_audit' }, value: events.k8sAudit },
    ]),
    counter('sensor_records_total', 'Records that the kernel part has put out.', byLabel('type', events.emitted)),
    counter(
      'alerts_total',
      'Alerts raised.',
      alerts.map(({ count, ...labels }) => ({ labels, value: count })),
    ),
    counter('drops_total', 'What was lost or is incomplete, by cause.', byLabel('cause', { ...drops })),
    {
      kind: 'histogram',
      name: named('alert_latency_seconds'),
      help: 'From the event to its alert.',
      snapshot: latency,
    },
    gauge('undecided_events', 'Events that wait for a fact.', one(stats.undecided)),
    gauge('processes', 'Processes that are known.', one(stats.processes)),
    gauge('sensor_connected', 'Whether there is a connection to the sensor.', one(stats.sensor.isConnected ? 1 : 0)),
    gauge('rules', 'Rules, by whether they are enabled.', [
      { labels: { state: 'enabled' }, value: rules.enabled },
      { labels: { state: 'disabled' }, value: rules.loaded - rules.enabled },
    ]),
    counter('reloads_total', 'Changes of the configuration.', [
      { labels: { result: 'taken' }, value: reload.generation - 1 },
      { labels: { result: 'refused' }, value: reload.refused },
    ]),
    gauge('configuration_loaded_timestamp_seconds', 'When the configuration that holds was loaded.', [
      { value: reload.loadedAtMs / 1000 },
    ]),
    ...outputMetrics(stats.outputs),
    gauge('memory_bytes', 'Resident memory.', [
      { labels: { part: 'engine' }, value: memory.engineRssBytes },
      { labels: { part: 'sensor' }, value: memory.sensorRssBytes },
    ]),
  ]);
}

function outputMetrics(outputs: readonly OutputStats[]): readonly Metric[] {
  const results = ['delivered', 'filtered', 'heldBack', 'dropped', 'failed'] as const;
  return [
    gauge(
      'output_queue_alerts',
      'Alerts that wait in the queue of an output.',
      outputs.map(({ name, queued }) => ({ labels: { output: name }, value: queued })),
    ),
    counter(
      'output_alerts_total',
      'What became of the alerts of an output.',
      outputs.flatMap((output) =>
        results.map((result) => ({ labels: { output: output.name, result }, value: output[result] })),
      ),
    ),
    counter(
      'output_retries_total',
      'Further attempts of an output.',
      outputs.map(({ name, retries }) => ({ labels: { output: name }, value: retries })),
    ),
    gauge(
      'output_up',
      'Whether the latest attempt of an output worked.',
      outputs.map(({ name, trouble }) => ({ labels: { output: name }, value: trouble === undefined ? 1 : 0 })),
    ),
  ];
}

function byLabel(label: string, values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { kind: 'gauge', name: named(name), help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { kind: 'counter', name: named(name), help, samples };
}

function named(name: string): string {
  return `kubedrill_detector_${name}`;
}
