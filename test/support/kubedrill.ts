import { join } from 'node:path';
import { execaRunner, packageRoot, type RunResult } from '../../core/index.ts';

const ANY_EXIT_CODE = [0, 1, 2, 3, 4, 5, 130];

/** The built command line as a user runs it, without a terminal. `env` is added to this process's. */
export function kubedrill(
  argv: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly timeoutMs?: number; readonly cwd?: string } = {},
): Promise<RunResult> {
  return execaRunner().run(process.execPath, [join(packageRoot(), 'bin', 'kubedrill.mjs'), ...argv], {
    okExitCodes: ANY_EXIT_CODE,
    timeoutMs: options.timeoutMs ?? 600_000,
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

/** The result of a command with `--json`; a failure shows what it said. */
export async function kubedrillJson<T>(argv: readonly string[], exitCodes: readonly number[] = [0]): Promise<T> {
  const { stdout, stderr, exitCode } = await kubedrill([...argv, '--json']);
  if (!exitCodes.includes(exitCode))
    throw new Error(`kubedrill ${argv.join(' ')} exited with ${String(exitCode)}:\n${stderr}\n${stdout}`);
  return JSON.parse(stdout) as T;
}
