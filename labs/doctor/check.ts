import type { Topology } from '../provider/topology.ts';
import type { LabDeps } from '../session.ts';
import type { Finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** For which lab the machine has to do. */
export interface Need {
  readonly topology: Topology;
  readonly kubernetesVersion: string | undefined;
}

/** One thing that doctor looks at. Judges facts and writes nothing; `deps` is for the fix. */
export interface DoctorCheck {
  readonly id: string;
  /** Empty when the question does not arise, e.g. for an engine that is not there. */
  readonly look: (machine: Machine, need: Need, deps: LabDeps) => readonly Finding[];
}

const GIB = 1024 ** 3;

export function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

export function ofGib(count: number): number {
  return count * GIB;
}
