import type { EventSource } from '../event/types.ts';

/**
 * What a loss does to a grade. `voids`: something happened that nobody saw, so neither a missing nor an absent alert
 * proves anything. `excuses`: an event was seen and judged by less than it held, so an alert that was expected may be
 * missing because of it; one that came is as good as ever. `none`: the Channel, from which grades are read, had all.
 */
export type GradeEffect = 'voids' | 'excuses' | 'none';

export interface LossCause {
  /** What is counted. */
  readonly says: string;
  readonly grade: GradeEffect;
  /** Of whose events it is: alerts of other sources come as ever. Absent where no event is missing. */
  readonly source?: EventSource;
  /** So many within an interval (see LossAlarm) raise an alert of the detector's own. */
  readonly alertFrom: number;
  /** Counts times in which nobody looked, instead of events. */
  readonly isBlind?: true;
}

/**
 * All ways in which the detector may miss something. Those that void a grade never occur while the lab is healthy.
 * Those that excuse do, now and then: a pod's first program runs before the API tells its name, and argument lists may
 * be longer than a record; the thresholds are well above that.
 */
export const LOSS_CAUSES = {
  ringFull: {
    says: 'events that found no room between kernel and sensor',
    grade: 'voids',
    source: 'syscall',
    alertFrom: 1,
  },
  malformedFrames: { says: 'frames of the sensor that made no sense', grade: 'voids', source: 'syscall', alertFrom: 1 },
  sensorSilent: {
    says: 'times in which the sensor was silent',
    grade: 'voids',
    source: 'syscall',
    alertFrom: 1,
    isBlind: true,
  },
  sensorRestarted: { says: 'restarts of the sensor', grade: 'voids', source: 'syscall', alertFrom: 1, isBlind: true },
  auditLost: { says: 'audit events that could not be read', grade: 'voids', source: 'k8s_audit', alertFrom: 1 },
  undecidedOverflow: {
    says: 'events judged without facts about their pod, as too many were waiting for some',
    grade: 'excuses',
    source: 'syscall',
    alertFrom: 1,
  },
  judgedWithoutFacts: {
    says: 'events judged without facts about their pod, which did not come in time',
    grade: 'excuses',
    source: 'syscall',
    alertFrom: 200,
  },
  truncated: { says: 'events judged by arguments that were cut', grade: 'excuses', source: 'syscall', alertFrom: 50 },
  unreadable: {
    says: 'events judged without arguments that could not be read',
    grade: 'excuses',
    source: 'syscall',
    alertFrom: 50,
  },
  outputAlerts: { says: 'alerts that an output did not deliver', grade: 'none', alertFrom: 10 },
} as const satisfies Readonly<Record<string, LossCause>>;

export type LossCauseName = keyof typeof LOSS_CAUSES;

export const LOSS_CAUSE_NAMES = Object.keys(LOSS_CAUSES) as readonly LossCauseName[];

export function lossCause(name: LossCauseName): LossCause {
  return LOSS_CAUSES[name];
}
