import { RunError, type Clock, type Command, type Runner } from '../core/index.ts';
import type { KillCommand } from '../scenarios/index.ts';

/** Not passed is an answer of `grade`. */
const DONE_OR_NOT_PASSED = [0, 3];

interface KillDeps {
  readonly runner: Runner;
  readonly clock: Clock;
}

/** Runs the program, kubedrill itself, for a lab, and kills it when it says on stderr that it begins a stage. */
export function killCommand({ runner, clock }: KillDeps, [file, ...args]: Command, lab: string): KillCommand {
  return async (argv, { stage, afterMs }) => {
    const killer = new AbortController();
    try {
      await runner.run(file, [...args, ...argv, '--name', lab], {
        signal: killer.signal,
        killSignal: 'SIGKILL',
        okExitCodes: DONE_OR_NOT_PASSED,
        onLine: (line) => {
          if (!line.includes(`${stage} …`)) return;
          if (afterMs === 0) killer.abort();
          else void clock.sleep(afterMs).then(() => killer.abort());
        },
      });
      return 'ended';
    } catch (error) {
      if (error instanceof RunError && error.facts.canceled) return 'killed';
      throw error;
    }
  };
}

/** What this process was started as. */
export function thisProgram(): Command {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
}
