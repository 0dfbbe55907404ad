import type { ChalkInstance } from 'chalk';
import type { PoolLab, PoolStatus, RefillStart } from '../../labs/index.ts';
import { table } from './table.ts';

const STATES: Readonly<Record<PoolLab['state'], string>> = {
  prepared: 'prepared, paused',
  older: 'another version of kubedrill made it; the next up or refill removes it',
  asleep: 'not paused, e.g. after a restart of the machine; the next up or refill starts it',
  unfinished: 'not finished',
  taken: 'taken',
};

/** The pool as text: what it is to hold, what it holds, and how the last filling ended. */
export function poolText({ settings, labs, filling, logFile }: PoolStatus, style: ChalkInstance): string {
  if (settings === null && labs.length === 0) return 'there is no pool\nTry: kubedrill pool 1\n';
  const { size, topology, addons, kubernetesVersion } = settings ?? {};
  const head =
    settings === null
      ? 'there is no pool any more'
      : `a pool of ${String(size)}: Kubernetes ${kubernetesVersion ?? ''}, ${topology ?? ''} topology, ${addons ?? ''} add-ons`;
  const rows = labs.map(({ cluster, state, preparedAt, takenAs }) => [
    cluster,
    takenAs === undefined ? STATES[state] : `taken as the lab "${takenAs}"`,
    preparedAt ?? '',
  ]);
  const lines = labs.length === 0 ? '' : table(['cluster', 'state', 'since'], rows, style);
  return `${head}\n${lines}${fillingText(filling, logFile, style)}`;
}

/** One line about the process that `up` leaves behind, or nothing. */
export function refillText(refill: RefillStart): string {
  if (refill.kind === 'started') {
    return `the pool is refilled in the background (process ${String(refill.pid)}; kubedrill pool shows it)\n`;
  }
  if (refill.why === 'CI') return 'the pool is not refilled: CI is true (KUBEDRILL_POOL=refill asks for it)\n';
  return refill.why === 'running' ? 'the pool is being refilled\n' : '';
}

function fillingText(filling: PoolStatus['filling'], logFile: string, style: ChalkInstance): string {
  switch (filling.kind) {
    case 'none':
      return '';
    case 'running':
      return `process ${String(filling.pid)} is filling it since ${filling.since} (log: ${logFile})\n`;
    case 'done':
      return `filled at ${filling.until}\n`;
    case 'failed':
      return `${style.red('the last filling failed')}: ${filling.what}: ${filling.why} (log: ${logFile})\nTry: kubedrill pool N, which fills it here and now\n`;
  }
}
