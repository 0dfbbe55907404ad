import { KubedrillError } from '../../core/index.ts';
import type { MeterOrder } from '../agent/protocol.ts';
import { askProbers, type Asked, type Said } from '../lab/ask.ts';
import { newRunKey } from '../lab/key.ts';
import { probersOf } from '../lab/prober-refs.ts';
import type { MeterPath, ProbedLab } from '../types.ts';

const TIMEOUT_MS = 3_000;

/**
 * Starts the meter: every path is probed 20 times a second by its prober from now on, also when this process is gone, until
 * `stopMeter`. A meter that runs already ends. Fails when a path's prober does not exist or does not answer.
 */
export async function startMeter(lab: ProbedLab, paths: readonly MeterPath[]): Promise<void> {
  const probers = probersOf(lab);
  refuseStrangers(
    paths,
    probers.map(({ name }) => name),
  );
  const key = newRunKey();
  // All get the key before one probes, or the first answers would be unsigned.
  await askAll(
    lab,
    probers.map((prober) => ({ prober, method: 'POST', path: '/key', body: key })),
    paths,
  );
  const orders = probers.map((prober) => ({
    prober,
    method: 'POST' as const,
    path: '/meter',
    body: { key, paths: paths.filter(({ from }) => from === prober.name), roster: paths } satisfies MeterOrder,
  }));
  await askAll(lab, orders, paths);
}

/** Ends the meter; also fine when none runs, and where probers are gone. */
export async function stopMeter(lab: ProbedLab): Promise<void> {
  const asked = probersOf(lab).map((prober) => ({ prober, method: 'DELETE', path: '/meter' }) as const);
  await askProbers(lab.channel, asked, { timeoutMs: TIMEOUT_MS });
}

function refuseStrangers(paths: readonly MeterPath[], probers: readonly string[]): void {
  const stranger = paths.find(({ from }) => !probers.includes(from));
  if (stranger === undefined) return;
  throw new KubedrillError({
    what: `the path ${stranger.name} cannot be watched`,
    why: `this lab has no prober ${stranger.from}`,
    hint: `probers are ${probers.join(', ')}`,
  });
}

/** A prober without a path may be down (its paths show it); one that has to probe may not. */
async function askAll(lab: ProbedLab, asked: readonly Asked[], paths: readonly MeterPath[]): Promise<void> {
  const said: readonly Said<unknown>[] = await askProbers(lab.channel, asked, { timeoutMs: TIMEOUT_MS });
  const needed = new Set(paths.map(({ from }) => from));
  for (const one of said) {
    if (one.kind === 'answer' || !needed.has(one.prober.name)) continue;
    throw new KubedrillError({
      what: `the meter could not be started on ${one.prober.name}`,
      why: one.why,
      hint: 'kubedrill status; kubectl -n kubedrill-probes get pods -o wide',
    });
  }
}
