import type { ChalkInstance } from 'chalk';
import type { MeterReading, MeterTransition } from '../../network/index.ts';
import { table } from './table.ts';

/** A path that began to fail or came back. */
export function transitionLine(
  { path, ok, error, ms }: Pick<MeterTransition, 'path' | 'ok' | 'error' | 'ms'>,
  style: ChalkInstance,
): string {
  const after = ms === 0 ? '' : style.dim(` after ${(ms / 1000).toFixed(2)} s`);
  return ok ? `${style.green('● ok  ')} ${path}${after}\n` : `${style.red('✗ down')} ${path} ${error ?? ''}${after}\n`;
}

export function watchSummary(readings: readonly MeterReading[], style: ChalkInstance): string {
  const rows = readings.map(({ path, probes, failures, missedTicks, totalOutageMs, outages }) => [
    path,
    String(probes),
    failures === 0 ? '0' : style.red(String(failures)),
    String(missedTicks),
    totalOutageMs === 0 ? '–' : style.red(`${(totalOutageMs / 1000).toFixed(2)} s`),
    String(outages.length),
  ]);
  return `\n${table(['path', 'probes', 'failed', 'missed ticks', 'outage', 'times'], rows, style)}`;
}
