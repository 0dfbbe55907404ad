import { nearest, usageError } from '../../core/index.ts';
import type { TopologyName } from '../session.ts';

export interface Topology {
  readonly name: TopologyName;
  readonly controlPlanes: number;
  readonly workers: number;
}

const TOPOLOGIES: Readonly<Record<TopologyName, Topology>> = {
  single: { name: 'single', controlPlanes: 1, workers: 0 },
  std: { name: 'std', controlPlanes: 1, workers: 2 },
  ha: { name: 'ha', controlPlanes: 3, workers: 2 },
};

/** The topology of that name; exit code 2 with the nearest names for an unknown one. */
export function topologyOf(name: string): Topology {
  const names = Object.keys(TOPOLOGIES);
  const topology = Object.values(TOPOLOGIES).find((candidate) => candidate.name === name);
  if (topology) return topology;
  throw usageError({
    what: `no topology "${name}"`,
    why: `there are ${names.join(', ')}`,
    hint: `kubedrill up --topology ${nearest(name, names)[0] ?? 'std'}`,
  });
}

/** Node names as kind gives them, control planes first. */
export function nodeNamesOf(lab: string, { controlPlanes, workers }: Topology): readonly string[] {
  const numbered = (role: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `${lab}-${role}${index === 0 ? '' : String(index + 1)}`);
  return [...numbered('control-plane', controlPlanes), ...numbered('worker', workers)];
}

/** Names of all machines that kind makes: the nodes, and before several control planes the balancer. */
export function machineNamesOf(lab: string, topology: Topology): readonly string[] {
  const balancer = topology.controlPlanes > 1 ? [balancerName(lab)] : [];
  return [...nodeNamesOf(lab, topology), ...balancer];
}

/**
 * Memory that a lab with the standard add-ons takes, its page cache left out: measured as 530 to 670 MiB for a control plane and 270 to 300 MiB for a
 * worker, just after `up`.
 */
export function labMemoryBytes({ controlPlanes, workers }: Topology): number {
  return (controlPlanes * 0.75 + workers * 0.3) * 1024 ** 3;
}

/** The node whose ports 80 and 443 are the front door: the first worker, or the only node. */
export function frontDoorNode(lab: string, topology: Topology): string {
  return topology.workers === 0 ? `${lab}-control-plane` : `${lab}-worker`;
}

/** Where nodes reach the API server without Services: the control plane itself, or the balancer before several. */
export function apiServerOf(
  lab: string,
  { controlPlanes }: Topology,
): { readonly host: string; readonly port: number } {
  return { host: controlPlanes === 1 ? `${lab}-control-plane` : balancerName(lab), port: 6443 };
}

function balancerName(lab: string): string {
  return `${lab}-external-load-balancer`;
}
