import { usageError } from '../core/index.ts';
import { DEFAULT_LAB, checkedLabName } from './names.ts';
import { topologyOf, type Topology } from './provider/topology.ts';
import type { AddonSet, AuditWay, LabRecord, TopologyName } from './session.ts';

export interface UpOptions {
  /** Default `lab`, whose nodes are `lab-control-plane`, `lab-worker`, `lab-worker2`. */
  readonly name?: string;
  /** Default `std`: one control plane and two workers. */
  readonly topology?: TopologyName;
  /** Default `std`: probes, detector, ingress and the shop. */
  readonly addons?: AddonSet;
  readonly cni?: 'default' | 'cilium';
  /** Default `log`. */
  readonly audit?: AuditWay;
  readonly kubernetesVersion?: string;
  /** `open` leaves the egress guard away, for labs whose nodes have to pull images. Default `guarded`. */
  readonly egress?: 'guarded' | 'open';
  /** `use` takes a prepared lab from the pool where it has one that fits. Default `ignore`: build one. */
  readonly pool?: 'use' | 'ignore';
  /** `keep` leaves a lab that did not come up for a look. Default `remove`. */
  readonly onFailure?: 'remove' | 'keep';
}

/** What is to be brought up, all defaults filled in. */
export interface UpPlan {
  readonly name: string;
  readonly topology: Topology;
  readonly addons: AddonSet;
  readonly cni: 'default' | 'cilium';
  readonly audit: AuditWay;
  /** The default version of the image sources when absent. */
  readonly kubernetesVersion?: string;
  readonly egress: 'guarded' | 'open';
  readonly pool: 'use' | 'ignore';
  readonly onFailure: 'remove' | 'keep';
}

/** The options with their defaults; exit code 2 for what cannot be. */
export function planOf(options: UpOptions): UpPlan {
  const topology = topologyOf(options.topology ?? 'std');
  const cni = options.cni ?? 'default';
  if (cni === 'cilium') throw notYet('--cni cilium', 'no node image carries it', 'default');
  return {
    name: checkedLabName(options.name ?? DEFAULT_LAB),
    topology,
    addons: options.addons ?? 'std',
    cni,
    audit: options.audit ?? 'log',
    ...(options.kubernetesVersion === undefined ? {} : { kubernetesVersion: options.kubernetesVersion }),
    egress: options.egress ?? 'guarded',
    pool: options.pool ?? 'ignore',
    onFailure: options.onFailure ?? 'remove',
  };
}

/** Exit code 2 when the lab that is up is not the one that was asked for; what was not asked for may be anything. */
export function checkSameLab(record: LabRecord, options: UpOptions): void {
  const differences = (
    [
      ['topology', record.topology, options.topology],
      ['addons', record.addons, options.addons],
      ['cni', record.cni, options.cni],
      ['audit', record.audit, options.audit],
      ['Kubernetes', record.kubernetesVersion, options.kubernetesVersion],
    ] as const
  ).filter(([, is, wanted]) => wanted !== undefined && wanted !== is);
  if (differences.length === 0) return;
  throw usageError({
    what: `the lab "${record.name}" is up, and is another one`,
    why: differences.map(([what, is, wanted]) => `${what} is ${is}, not ${wanted ?? ''}`).join('; '),
    hint: `kubedrill down --name ${record.name}, or another --name`,
  });
}

function notYet(flag: string, why: string, instead: string): ReturnType<typeof usageError> {
  const [name] = flag.split(' ');
  return usageError({ what: `${flag} is not there yet`, why, hint: `kubedrill up ${name ?? ''} ${instead}` });
}
