import { spawn, type ChildProcess } from 'node:child_process';

const RESTART_MS = 1_000;

/** A child that is started again whenever it ends, until `stop`. */
export interface Supervised {
  state(): { readonly running: boolean; readonly starts: number };
  stop(): void;
}

/** Keeps one program running; its output goes to ours, which is the container's log. */
export function supervise(file: string, args: readonly string[]): Supervised {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let starts = 0;
  const start = (): void => {
    starts += 1;
    child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const again = (): void => {
      child = undefined;
      timer = setTimeout(start, RESTART_MS);
    };
    child.once('exit', again);
    child.once('error', (error) => {
      process.stderr.write(`keeper: ${file}: ${error.message}\n`);
      again();
    });
  };
  start();
  return {
    state: () => ({ running: child !== undefined, starts }),
    stop: () => {
      clearTimeout(timer);
      child?.removeAllListeners('exit');
      child?.kill('SIGTERM');
    },
  };
}
