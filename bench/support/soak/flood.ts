import { floodOf } from '../../../test/support/detector-flood.ts';
import type { Figure } from '../../lib.ts';
import type { Soak } from '../../soak.ts';

const SECONDS = 10;

/** Opens without end in a pod, and one that matters among them. */
export async function flood({ lab }: Soak): Promise<readonly Figure[]> {
  const { opensPerSecond, lost, needles, found, isRunning } = await floodOf(lab, SECONDS);
  return [
    { name: 'opens in a pod', value: opensPerSecond, unit: 'per s', atLeast: 200_000 },
    { name: 'events lost, and counted', value: lost, unit: 'count' },
    { name: 'needles', value: needles, unit: 'count' },
    { name: 'needles found', value: found, unit: 'count' },
    { name: 'detector still the same', value: isRunning ? 1 : 0, unit: 'count', atLeast: 1 },
  ];
}
