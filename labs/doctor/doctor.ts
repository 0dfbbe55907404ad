import type { AddonSet, LabDeps, TopologyName } from '../session.ts';
import type { Finding } from './finding.ts';

export interface DoctorOptions {
  /** For which lab the machine has to do; defaults as for `up`. */
  readonly name?: string;
  readonly topology?: TopologyName;
  readonly addons?: AddonSet;
  readonly kubernetesVersion?: string;
}

/** Looks at everything that a lab needs of this machine; changes nothing. */
export function doctor(_deps: LabDeps, _options: DoctorOptions = {}): Promise<readonly Finding[]> {
  return Promise.reject(new Error('not written yet'));
}

/**
 * Runs the automatic fixes of the findings that are not ok, as named steps in the order of the findings. Fails with exit code 4 and the exact
 * commands when a required one has only a manual fix, or none.
 */
export function fixAll(_deps: LabDeps, _findings: readonly Finding[]): Promise<void> {
  return Promise.reject(new Error('not written yet'));
}
