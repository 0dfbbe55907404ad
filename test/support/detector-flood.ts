import { done, notYet, waitFor } from '../../core/index.ts';
import { openAgainAndAgain } from './detector-actions/programs.ts';
import { NAMESPACE, podObject, setUpScript } from './detector-actions/pods.ts';
import {
  alertsOf,
  apply,
  containerOf,
  execInContainer,
  kubectl,
  statsOf,
  toolboxImage,
  type DetectorLab,
} from './detector-lab.ts';

/** What a flood of opens did to a node's detector. */
export interface Flood {
  readonly opensPerSecond: number;
  /** Events that the detector says it lost in that time. */
  readonly lost: number;
  /** Opens in it that a rule is about, and how many of them raised their alert. */
  readonly needles: number;
  readonly found: number;
  /** The engine is the one of before: it was not started again. */
  readonly isRunning: boolean;
}

const WORKERS = 2;
const NEEDLES = 10;
/** So many are reached in a second on any machine: a worker has ended after the time that was asked for, or later. */
const OPENS_A_SECOND = 150_000;

export interface FloodOf {
  /** Name of the pod, of its own for each flood of a test. */
  readonly pod: string;
  /** What is opened; it has to be there. */
  readonly path: string;
  readonly seconds: number;
}

/** Opens a file of a pod as fast as two workers can, for at least that time, and /etc/shadow now and then. */
export async function floodOf(lab: DetectorLab, { pod, path, seconds }: FloodOf): Promise<Flood> {
  const node = lab.nodes.at(-1) ?? '';
  await apply(lab, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    podObject('plain', { image: await toolboxImage(lab), node, name: pod }),
  ]);
  try {
    const container = await containerOf(lab, NAMESPACE, pod);
    await execInContainer(node, container, ['sh', '-c', setUpScript('plain')]);
    const times = OPENS_A_SECOND * seconds;
    const program = openAgainAndAgain(path, times).toString('base64');
    const file = '/actions/opens';
    await execInContainer(node, container, ['sh', '-c', `echo ${program} | base64 -d > ${file} && chmod 755 ${file}`]);
    const [before, foundBefore] = await Promise.all([statsOf(node), needlesFound(lab, pod)]);
    const startedNs = process.hrtime.bigint();
    const workers = Array.from({ length: WORKERS }, () =>
      execInContainer(node, container, [file], { timeoutMs: 300_000 }),
    );
    for (let needle = 0; needle < NEEDLES; needle++) await execInContainer(node, container, ['cat', '/etc/shadow']);
    await Promise.all(workers);
    const tookS = Number(process.hrtime.bigint() - startedNs) / 1e9;
    const after = await settled(lab, node);
    return {
      opensPerSecond: (times * WORKERS) / tookS,
      lost: after.drops.ringFull - before.drops.ringFull,
      needles: NEEDLES,
      found: (await needlesFound(lab, pod)) - foundBefore,
      isRunning: after.run === before.run && after.sensor.isConnected,
    };
  } finally {
    await kubectl(lab, ['delete', 'namespace', NAMESPACE, '--wait=true', '--timeout=100s']);
  }
}

/** What was in the rings when the flood ended has been judged: no new events for a while. */
async function settled(lab: DetectorLab, node: string): Promise<Awaited<ReturnType<typeof statsOf>>> {
  let last = -1;
  return waitFor(
    async () => {
      const stats = await statsOf(node);
      const isQuiet = last >= 0 && stats.events.syscall - last < 20_000;
      last = stats.events.syscall;
      return isQuiet ? done(stats) : notYet(`${String(last)} events judged on ${lab.name}`);
    },
    { what: 'the end of the flood', timeoutMs: 120_000, intervalMs: 1_000 },
  );
}

async function needlesFound(lab: DetectorLab, pod: string): Promise<number> {
  const alerts = await alertsOf(lab);
  return alerts.filter(({ rule, attribution }) => rule === 'Read sensitive file untrusted' && attribution.pod === pod)
    .length;
}
