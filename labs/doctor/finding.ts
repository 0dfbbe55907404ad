import type { CheckResult } from '../../core/index.ts';

/** `required`: no lab without it. `advised`: labs run, some things do not. `info`: nothing to do. */
export type Severity = 'required' | 'advised' | 'info';

/** What would put a finding right. */
export type Fix =
  | {
      readonly kind: 'automatic';
      /** What the fix installs, starts or changes, as one line: shown before anything is done. */
      readonly says: string;
      /** The same as commands that can be pasted. */
      readonly commands: readonly string[];
      readonly run: (detail: (text: string) => void) => Promise<void>;
    }
  | {
      /** No root, or a system that kubedrill does not know: the commands are for a person. */
      readonly kind: 'manual';
      readonly says: string;
      readonly commands: readonly string[];
    };

/** One thing that doctor looked at. */
export interface Finding extends CheckResult {
  readonly severity: Severity;
  readonly fix?: Fix;
}
