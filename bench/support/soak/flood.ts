import { floodOf } from '../../../test/support/detector-flood.ts';
import type { Figure } from '../../lib.ts';
import type { Soak } from '../../soak.ts';

const SECONDS = 10;

/** Opens without end in a pod, and one that matters among them: of a path that the kernel keeps back, and of one that it cannot judge. */
export async function flood({ lab }: Soak): Promise<readonly Figure[]> {
  const plain = await floodOf(lab, { pod: 'flood', path: '/etc/hostname', seconds: SECONDS });
  const odd = await floodOf(lab, { pod: 'odd-flood', path: '/etc//hostname', seconds: SECONDS });
  return [...figures('opens', plain, 200_000), ...figures('opens of an odd path', odd)];
}

function figures(
  what: string,
  { opensPerSecond, lost, needles, found, isRunning }: Awaited<ReturnType<typeof floodOf>>,
  atLeast?: number,
): readonly Figure[] {
  return [
    { name: what, value: opensPerSecond, unit: 'per s', ...(atLeast === undefined ? {} : { atLeast }) },
    { name: `${what}: events lost, and counted`, value: lost, unit: 'count' },
    { name: `${what}: needles found, of ${String(needles)}`, value: found, unit: 'count' },
    { name: `${what}: detector still the same`, value: isRunning ? 1 : 0, unit: 'count', atLeast: 1 },
  ];
}
