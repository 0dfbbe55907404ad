import { nearest, usageError } from '../../core/index.ts';
import type { MatrixCell } from '../types.ts';

/** The name of a cell, as people write it: row, client, target, protocol. */
export function cellName({ row, from, to, protocol }: MatrixCell): string {
  return `${row} ${from} → ${to} ${protocol}`;
}

/**
 * The cell that is meant: `M6 lab-worker/pod-a → service all tcp`, or some words of that, with `->` or `→` between client and target,
 * e.g. `lab-worker/pod-a -> ext`, `M9`. Of several the first one that failed, else the first. Usage error with the nearest names.
 */
export function findCell(cells: readonly MatrixCell[], text: string): MatrixCell {
  const measured = cells.filter(({ skipped }) => skipped === undefined);
  const meant = measured.filter((cell) => matches(cellName(cell), text));
  const found = meant.find(({ ok }) => !ok) ?? meant[0];
  if (found !== undefined) return found;
  const names = measured.map(cellName);
  const close = nearest(normal(text), names);
  throw usageError({
    what: `there is no cell "${text}" in this matrix`,
    why: close.length > 0 ? `there are ${close.join(', ')}` : 'no client, target or row has such a name',
    hint: `kubedrill net matrix --explain '${close[0] ?? names[0] ?? 'M6'}'`,
  });
}

/** All words are there, each on its side of the arrow. */
function matches(name: string, text: string): boolean {
  const [client = '', target] = normal(text).split('→');
  const [nameOfClient = '', nameOfTarget = ''] = name.split('→');
  if (target === undefined) return hasWords(name.replace('→', ' '), client);
  return hasWords(nameOfClient, client) && hasWords(nameOfTarget, target);
}

function hasWords(name: string, wanted: string): boolean {
  const words = wordsOf(name);
  return wordsOf(wanted).every((word) => words.includes(word));
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function normal(text: string): string {
  return text.trim().replace(/-?>/, '→');
}
