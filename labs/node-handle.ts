import type { NodeHandle, Runner, RunOptions, RunResult } from '../core/index.ts';
import { ENGINE } from './engine/facts.ts';

/** A node (or the keeper) behind the engine's exec. `env` and `cwd` of the options count inside it. */
export function nodeHandle(runner: Runner, facts: Omit<NodeHandle, 'exec'>): NodeHandle {
  return { ...facts, exec: (argv, options) => exec(runner, facts.name, argv, options) };
}

function exec(runner: Runner, name: string, argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { env, cwd, ...rest } = options;
  const isFed = options.input !== undefined || options.inputFile !== undefined || options.stdio === 'inherit';
  const args = [
    'exec',
    ...(isFed ? ['--interactive'] : []),
    ...(options.stdio === 'inherit' ? ['--tty'] : []),
    ...Object.entries(env ?? {}).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...(cwd === undefined ? [] : ['--workdir', cwd]),
    name,
    ...argv,
  ];
  return runner.run(ENGINE, args, rest);
}
