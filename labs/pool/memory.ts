import { KubedrillError } from '../../core/index.ts';
import { gib, ofGib } from '../doctor/check.ts';
import { labMemoryBytes, type Topology } from '../provider/topology.ts';

/** Memory of this machine that stays free whatever the pool holds: for the challenge that is being played. */
const KEPT_FREE_BYTES = ofGib(1.5);

/** How many more labs fit; a paused one keeps its memory. */
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
    hint:
      prepared + fit > 0
        ? `kubedrill pool ${String(prepared + fit)}`
        : 'end other programs, or take labs down: kubedrill down',
  });
}
