import type { Clock } from '../../core/clock.ts';
import { internalAlert } from '../output/internal-alert.ts';
import type { AlertDocument } from '../output/alert-document.ts';
import type { OutputStats } from '../output/output.ts';
import type { Incidents } from './incidents.ts';
import { LossAlarm, type Loss } from './loss-alarm.ts';
import { lossCause } from './loss-causes.ts';

export interface LossWatchOptions {
  readonly node: string;
  readonly clock: Clock;
  readonly incidents: Incidents;
  readonly outputs: () => readonly OutputStats[];
  /** The sequence number that the next alert has. */
  readonly nextSequence: () => number;
  readonly onAlert: (alert: AlertDocument) => void;
}

/** Alerts about losses have a name of their own, so that outputs can choose them or leave them out. */
export const LOSS_RULE = 'KD Detector lost events';

/** Adds to the incidents what outputs do not deliver, and raises an alert when too much is being lost. */
export class LossWatch {
  readonly #options: LossWatchOptions;
  readonly #alarm = new LossAlarm();
  #undelivered = 0;

  constructor(options: LossWatchOptions) {
    this.#options = options;
  }

  /** To be called about once a second. */
  look(): void {
    const { clock, incidents, outputs } = this.#options;
    const undelivered = outputs().reduce((sum, { dropped, failed }) => sum + dropped + failed, 0);
    // An output that is removed takes its count with it.
    incidents.note('outputAlerts', Math.max(0, undelivered - this.#undelivered));
    this.#undelivered = undelivered;
    for (const loss of this.#alarm.look(incidents.totals(), clock.monotonicNs())) this.#raise(loss);
  }

  #raise({ cause, count }: Loss): void {
    const { node, clock, nextSequence, onAlert } = this.#options;
    const { says, grade } = lossCause(cause);
    onAlert(
      internalAlert({
        rule: LOSS_RULE,
        priority: grade === 'voids' ? 'Error' : 'Warning',
        says: `The detector of ${node} lost something: ${says}: ${String(count)} (cause=${cause})`,
        fields: { cause, count, node },
        node,
        now: clock.now(),
        monotonicNs: clock.monotonicNs(),
        sequence: nextSequence(),
      }),
    );
  }
}
