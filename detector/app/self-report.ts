import type { PodIndex } from '../enrich/pod-index.ts';
import type { Outputs } from '../output/outputs.ts';
import type { AlertLedger } from './alert-ledger.ts';
import type { Incidents } from './incidents.ts';
import type { LiveConfiguration } from './live-configuration.ts';
import { metricsText } from './metrics.ts';
import type { Pipeline } from './pipeline.ts';
import { problemsIn, statsFrom, type DetectorStats } from './report.ts';
import type { RulesInForce } from './rules-in-force.ts';
import type { Sources } from './sources.ts';

export interface SelfReportParts {
  readonly node: string;
  readonly run: string;
  /** Wall clock, milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly rules: RulesInForce;
  readonly incidents: Incidents;
  readonly ledger: AlertLedger;
  readonly outputs: Outputs;
  readonly pods: PodIndex;
  readonly pipeline: Pipeline;
  readonly sources: Sources;
  readonly live: LiveConfiguration;
}

/** What the running engine says of itself, asked of its parts at the moment. */
export class SelfReport {
  readonly #parts: SelfReportParts;

  constructor(parts: SelfReportParts) {
    this.#parts = parts;
  }

  stats(): DetectorStats {
    const { node, run, startedAtMs, rules, incidents, ledger, outputs, pods, pipeline, sources, live } = this.#parts;
    return statsFrom({
      node,
      run,
      startedAtMs,
      incidents: incidents.list(),
      losses: incidents.totals(),
      rules: rules.configuration.rules,
      reload: live.stats(),
      outputs: outputs.stats(),
      isConnected: sources.sensor.isConnected,
      sensorTrouble: sources.sensor.trouble,
      pipeline: pipeline.stats(),
      pods: sources.pods.stats(),
      // Other nodes have no log, and no trouble with it either.
      audit: pods.hasApiServer() ? sources.audit?.stats() : undefined,
      auditWebhook: sources.auditWebhook?.stats(),
      alerts: { raised: ledger.store.next - 1, oldestKept: ledger.store.oldest },
      latency: ledger.latencies.summary(),
      engineRssBytes: process.memoryUsage.rss(),
    });
  }

  /** Why the detector cannot be trusted to see everything right now; empty when it can. */
  problems(): readonly string[] {
    const { pipeline, pods } = this.#parts;
    return problemsIn(this.stats(), {
      isTreeComplete: pipeline.stats().isTreeComplete,
      hasApiServer: pods.hasApiServer(),
    });
  }

  /** For Prometheus. */
  metrics(): string {
    const { ledger } = this.#parts;
    return metricsText({
      stats: this.stats(),
      isHealthy: this.problems().length === 0,
      alerts: ledger.counts.list(),
      latency: ledger.latencySeconds.snapshot(),
    });
  }
}
