import { detectorLab } from '../test/support/detector-lab.ts';
import type { Bench, BenchIo, Figure } from './lib.ts';
import { churn } from './support/soak/churn.ts';
import { flood } from './support/soak/flood.ts';
import { idle } from './support/soak/idle.ts';

const KINDS = { idle, churn, flood };

/**
 * What the detector does over a long time: `idle` (no alert where nothing happens, under our rules and Falco's),
 * `churn` (memory while pods come and go), `flood` (many opens a second, and one that matters among them).
 */
const bench: Bench = {
  says: 'soak LAB idle|churn|flood [MINUTES] [PODS]: the detector of a lab that is up, over minutes',
  run: async (io) => {
    const [name = 'lab', kind = 'idle', minutes = '10', pods = '150'] = io.args;
    if (!isKind(kind)) throw new Error(`there is no ${kind}: ${Object.keys(KINDS).join(', ')}`);
    const lab = await detectorLab(name);
    return KINDS[kind]({ lab, io, minutes: Number(minutes), pods: Number(pods) });
  },
};
export default bench;

export interface Soak {
  readonly lab: Awaited<ReturnType<typeof detectorLab>>;
  readonly io: BenchIo;
  readonly minutes: number;
  readonly pods: number;
}
export type SoakKind = (soak: Soak) => Promise<readonly Figure[]>;

function isKind(text: string): text is keyof typeof KINDS {
  return Object.hasOwn(KINDS, text);
}
