import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { usageError, type Paths } from '../core/index.ts';

export const DEFAULT_LAB = 'lab';

/** Label on everything that kubedrill makes in the container engine; its value is the lab's name. */
export const LAB_LABEL = 'kubedrill.dev/lab';

/** Label that kind puts on its node containers; its value is the cluster's name, which is the lab's. */
export const KIND_LABEL = 'io.x-k8s.kind.cluster';

/** Longest lab name: `<lab>-external-load-balancer` has to stay below the 63 characters of a host name. */
const MAX_LENGTH = 32;

/** The name itself when it can name a lab; exit code 2 otherwise. */
export function checkedLabName(name: string): string {
  if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= MAX_LENGTH) return name;
  throw usageError({
    what: `"${name}" cannot name a lab`,
    why: `a name has lower-case letters, digits and dashes, starts with a letter, and at most ${String(MAX_LENGTH)} characters`,
    hint: `kubedrill up --name ${DEFAULT_LAB}`,
  });
}

/** The lab's state folder. */
export function labFolder(paths: Paths, lab: string): string {
  return join(paths.state, lab);
}

export function networkName(lab: string): string {
  return `kubedrill-${lab}`;
}

export function keeperName(lab: string): string {
  return `${lab}-keeper`;
}

/** Name of the bridge device: at most 15 characters, the same for the same lab, so that the egress guard needs no look-up. */
export function bridgeName(lab: string): string {
  return `kd-${digestOf(lab).slice(0, 10)}`;
}

/** A unique local IPv6 network (RFC 4193) for the lab; `attempt` gives another one when that overlaps with something. */
export function ipv6Subnet(lab: string, attempt: number): string {
  const hex = digestOf(`${lab}/${String(attempt)}`);
  return `fd${hex.slice(0, 2)}:${hex.slice(2, 6)}:${hex.slice(6, 10)}:${hex.slice(10, 14)}::/64`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
