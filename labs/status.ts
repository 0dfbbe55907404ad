import type { CheckResult } from '../core/index.ts';
import type { LabDeps, LabRecord, Session } from './session.ts';

/** A lab as the engine and the state folder show it. */
export interface LabSummary {
  readonly name: string;
  /** `broken`: only a part of it is left (`observed` says which); `down` removes it. */
  readonly state: 'running' | 'paused' | 'stopped' | 'broken';
  readonly observed: string;
  readonly record?: LabRecord;
}

/** What `status --json` prints. */
export interface LabStatus {
  readonly apiVersion: string;
  readonly lab: LabRecord;
  readonly ready: boolean;
  readonly checks: readonly CheckResult[];
  readonly nodes: readonly {
    readonly name: string;
    readonly role: string;
    readonly ready: boolean;
    readonly ipv4: string;
  }[];
  readonly kubeconfigFile: string;
  /** URLs of the front door on the host, where the lab has one. */
  readonly frontDoor?: { readonly http: string; readonly https: string };
}

/** Every lab of kubedrill's on this machine, by label and by state folder. */
export function listLabs(_deps: LabDeps): Promise<readonly LabSummary[]> {
  return Promise.reject(new Error('not written yet'));
}

/** Looks once at nodes, add-ons, keeper and egress guard of an open lab. */
export function labStatus(_session: Session): Promise<LabStatus> {
  return Promise.reject(new Error('not written yet'));
}
