import type { ChalkInstance } from 'chalk';
import { wrapAnsi } from 'fast-wrap-ansi';

/** Longer lines are hard to read, however wide the terminal. */
const MAX_COLUMNS = 100;
const MIN_COLUMNS = 20;

/** Lines that stay as they are, or a stretch of prose that is laid out anew after its indent or list marker. */
type Block =
  | { readonly kind: 'code' | 'row' | 'heading'; readonly text: string }
  | { readonly kind: 'prose'; readonly marker: string; readonly text: string };

/** The little markdown that our texts use (headings, lists, tables, bold, code), for a terminal of that many columns. */
export function markdown(text: string, style: ChalkInstance, columns: number): string {
  const width = Math.min(columns, MAX_COLUMNS);
  return blocksOf(text)
    .flatMap((block) => rendered(block, style, width))
    .join('\n');
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let fenced = false;
  for (const line of text.split('\n')) {
    if (line.trimStart().startsWith('```')) fenced = !fenced;
    else blocks.push(fenced ? { kind: 'code', text: line } : blockOf(line));
  }
  return blocks.reduce<readonly Block[]>(joined, []);
}

function blockOf(line: string): Block {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return { kind: 'heading', text: heading };
  if (line.startsWith('|')) return { kind: 'row', text: line };
  const [, marker = '', text = ''] = /^(\s*(?:[-*] |\d+\. )?)(.*)$/.exec(line) ?? [];
  return { kind: 'prose', marker, text };
}

/** A line of prose without a marker of its own goes on with the one before. */
function joined(blocks: readonly Block[], next: Block): readonly Block[] {
  const last = blocks.at(-1);
  const goesOn = next.kind === 'prose' && next.text !== '' && next.marker.trim() === '';
  if (!goesOn || last?.kind !== 'prose' || last.text === '') return [...blocks, next];
  return [...blocks.slice(0, -1), { ...last, text: `${last.text} ${next.text}` }];
}

function rendered(block: Block, style: ChalkInstance, width: number): readonly string[] {
  switch (block.kind) {
    case 'code':
      return [style.cyan(`    ${block.text}`)];
    case 'heading':
      return [style.bold.underline(block.text)];
    case 'row':
      return [inline(block.text, style)];
    case 'prose': {
      const { marker } = block;
      const wrapped = wrapAnsi(inline(block.text, style), Math.max(width - marker.length, MIN_COLUMNS));
      return wrapped
        .split('\n')
        .map((line, index) => (line === '' ? '' : `${index === 0 ? marker : ' '.repeat(marker.length)}${line}`));
    }
  }
}

function inline(text: string, style: ChalkInstance): string {
  return text
    .replaceAll(/\*\*([^*]+)\*\*/g, (_match, bold: string) => style.bold(bold))
    .replaceAll(/`([^`]+)`/g, (_match, code: string) => style.cyan(code));
}
