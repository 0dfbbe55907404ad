import { stripVTControlCharacters } from 'node:util';
import type { ChalkInstance } from 'chalk';
import type { Clock, Reporter } from '../../core/index.ts';
import { elapsedMs } from '../../core/index.ts';
import type { Io } from '../io.ts';
import { visibleLength } from './visible.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/**
 * Shows stages on stderr. On a terminal one line that moves, with the elapsed time and what it waits for;
 * elsewhere one line when a stage begins and one when it ends.
 */
export function progressReporter(io: Io, style: ChalkInstance, clock: Clock): Reporter {
  const open: OpenStage[] = [];
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (io.stderrIsTty) io.err('\r\u001b[2K');
  };
  const draw = (): void => {
    const stage = open.at(-1);
    if (!stage || !io.stderrIsTty) return;
    const spinner = FRAMES[frame++ % FRAMES.length] ?? '';
    const wait = stage.detail === '' ? '' : style.dim(` – ${stage.detail}`);
    const seconds = style.dim(`${secondsSince(stage.startNs, clock)} s`);
    io.err(`\r\u001b[2K${cut(`${spinner} ${stage.title} ${seconds}${wait}`, io.columns)}`);
  };
  const line = (text: string): void => {
    clear();
    io.err(`${text}\n`);
  };

  return {
    stage: async (title, work) => {
      const stage: OpenStage = { title, startNs: clock.monotonicNs(), detail: '' };
      open.push(stage);
      const indent = '  '.repeat(open.length - 1);
      if (!io.stderrIsTty) line(`${indent}• ${title} …`);
      timer ??= io.stderrIsTty ? setInterval(draw, FRAME_MS) : undefined;
      let mark = style.red('✗');
      try {
        const value = await work((text) => {
          stage.detail = text.split('\n')[0] ?? '';
        });
        mark = style.green('✓');
        return value;
      } finally {
        open.splice(open.indexOf(stage), 1);
        line(`${indent}${mark} ${title} ${style.dim(`(${secondsSince(stage.startNs, clock)} s)`)}`);
        if (open.length === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      }
    },
    info: (text) => line(`${'  '.repeat(open.length)}${text}`),
    warn: (text) => line(`${'  '.repeat(open.length)}${style.yellow('!')} ${text}`),
  };
}

interface OpenStage {
  readonly title: string;
  readonly startNs: bigint;
  detail: string;
}

function secondsSince(startNs: bigint, clock: Clock): string {
  return (elapsedMs(startNs, clock.monotonicNs()) / 1000).toFixed(1);
}

/** Cuts to the width of the terminal, and then without colours. */
function cut(text: string, columns: number): string {
  if (visibleLength(text) < columns) return text;
  return `${stripVTControlCharacters(text).slice(0, columns - 2)}…`;
}
