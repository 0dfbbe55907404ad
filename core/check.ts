/** The outcome of one observable check, of a grade or of doctor. */
export interface CheckResult {
  /** Stable within its scenario or room, e.g. `P1`. */
  readonly id: string;
  /** What is checked, as a sentence. */
  readonly says: string;
  readonly ok: boolean;
  /** What was observed; present also when the check is ok. */
  readonly observed: string;
}

/** Version marker that every JSON document and journal carries. */
export const API_VERSION = 'kubedrill/v1';
