import { readFile } from 'node:fs/promises';
import { KubedrillError } from '../../core/index.ts';
import { gib, ofGib } from '../doctor/check.ts';
import { memoryFrom } from '../engine/memory.ts';
import type { Topology } from '../provider/topology.ts';

/** Memory of this machine that stays free whatever the pool holds: for the challenge that is being played. */
const KEPT_FREE_BYTES = ofGib(1.5);

/**
 * What one more prepared lab takes, and keeps while it is paused: measured (docs/pool.md) as 650 MiB for a control plane and 290 for a worker, and more
 * while it is being made.
 */
export function labMemoryBytes({ controlPlanes, workers }: Topology): number {
  return ofGib(controlPlanes * 0.75 + workers * 0.3);
}

/** Memory that is free on this machine; undefined where /proc does not tell. */
export async function availableBytes(): Promise<number | undefined> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => undefined);
  return text === undefined ? undefined : memoryFrom(text).availableBytes;
}

/** How many more labs fit. */
export function labsThatFit(freeBytes: number, topology: Topology): number {
  return Math.max(0, Math.floor((freeBytes - KEPT_FREE_BYTES) / labMemoryBytes(topology)));
}

/** Fails with the numbers when there is no memory for `more` labs beside the `prepared` ones that there are. */
export function checkMemory(
  freeBytes: number,
  topology: Topology,
  { more, prepared }: { readonly more: number; readonly prepared: number },
): void {
  const fit = labsThatFit(freeBytes, topology);
  if (more <= fit) return;
  const nodes = topology.controlPlanes + topology.workers;
  const each = `${gib(labMemoryBytes(topology))} for each lab of ${String(nodes)} node${nodes === 1 ? '' : 's'}`;
  throw new KubedrillError({
    what: `there is no memory for a pool of ${String(prepared + more)}`,
    why: `${String(more)} more take ${gib(more * labMemoryBytes(topology))} (${each}); ${gib(freeBytes)} are free, of which ${gib(KEPT_FREE_BYTES)} stay free`,
    hint: prepared + fit > 0 ? `kubedrill pool ${String(prepared + fit)}` : 'end other programs, or take labs down: kubedrill down',
  });
}
