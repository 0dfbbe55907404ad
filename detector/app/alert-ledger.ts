import { printJson } from '../event/json.ts';
import type { AlertDocument } from '../output/alert-document.ts';
import { AlertCounts } from '../output/alert-counts.ts';
import { AlertStore } from '../output/alert-store.ts';
import { Histogram } from '../output/histogram.ts';
import { Latencies } from '../output/latencies.ts';
import { LATENCY_BOUNDS_S } from './metrics.ts';

const KEPT = { maxAlerts: 10_000, maxBytes: 8 * 1024 * 1024 };

/** All alerts of this run: the latest for the Channel, their number by rule, and how long they took. */
export class AlertLedger {
  readonly store = new AlertStore(KEPT);
  readonly counts = new AlertCounts();
  readonly latencies = new Latencies();
  readonly latencySeconds = new Histogram(LATENCY_BOUNDS_S);

  add(alert: AlertDocument): void {
    this.store.add(printJson(alert));
    this.counts.add(alert);
    this.latencies.add(alert.latencyMs);
    this.latencySeconds.add(alert.latencyMs / 1000);
  }
}
