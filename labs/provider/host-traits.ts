import { readFile } from 'node:fs/promises';
import type { EngineFacts } from '../engine/facts.ts';
import type { HostTraits } from './kind-config.ts';

/** Number of CAP_SYS_RESOURCE in capability masks (linux/capability.h). */
const SYS_RESOURCE = 24n;

/** What of this machine changes how Kubernetes has to be set up on it. */
export async function hostTraits(engine: EngineFacts): Promise<HostTraits> {
  // An engine in a machine of its own has a root of its own, about whom /proc here says nothing.
  const status = engine.place === 'host' ? await readFile('/proc/1/status', 'utf8').catch(() => '') : '';
  const mask = capabilityMask(status);
  return { cgroupVersion: engine.cgroupVersion, canRaiseLimits: mask === undefined || canRaiseLimits(mask) };
}

/** CapBnd of a /proc/PID/status: what even root can have there at most. Undefined where the text does not tell. */
export function capabilityMask(status: string): bigint | undefined {
  const hex = /^CapBnd:\s*([0-9a-f]+)/m.exec(status)?.[1];
  return hex === undefined ? undefined : BigInt(`0x${hex}`);
}

export function canRaiseLimits(mask: bigint): boolean {
  return ((mask >> SYS_RESOURCE) & 1n) === 1n;
}
