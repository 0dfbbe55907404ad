import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KubedrillError, ExitCode, type Runner } from '../../core/index.ts';
import type { InstallPlan } from './apt-plan.ts';

/** Docker's server and client, and the iptables that it wants. */
export const ENGINE_PACKAGES = ['docker.io', 'iptables'] as const;

/** Carries an apt plan out; a manual one fails with exit code 4 and its commands. */
export async function runInstallPlan(
  plan: InstallPlan,
  runner: Runner,
  detail: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (plan.kind === 'manual') throw manualError(plan.why, plan.commands);
  for (const { path, text } of plan.files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  for (const [file, ...args] of plan.commands) {
    detail([file, ...args].join(' '));
    await runner.run(file, args, {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      onLine: (line) => detail(line),
      timeoutMs: 15 * 60_000,
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** Exit code 4 with commands for a person, one a line. */
export function manualError(why: string, commands: readonly string[]): KubedrillError {
  return new KubedrillError({
    what: 'something is missing that kubedrill cannot install itself',
    why,
    hint:
      commands.length === 1 ? (commands[0] ?? '') : `run as root:\n${commands.map((line) => `    ${line}`).join('\n')}`,
    exitCode: ExitCode.toolMissing,
  });
}
