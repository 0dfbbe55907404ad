import type { Runner } from '../../core/index.ts';
import { ENGINE } from '../engine/facts.ts';

export interface EgressDeps {
  readonly runner: Runner;
  readonly signal?: AbortSignal;
}

/**
 * Runs a POSIX sh script in the network namespace of the engine's host, which may be a virtual machine that only a
 * container can reach: a short-lived one with the host's network and NET_ADMIN. Answers its output.
 */
export async function runOnEngineHost(deps: EgressDeps, toolboxImage: string, script: string): Promise<string> {
  // NET_RAW: the legacy programs speak to the kernel through a raw socket.
  const rights = ['--network', 'host', '--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN', '--cap-add', 'NET_RAW'];
  const { stdout } = await deps.runner.run(
    ENGINE,
    ['run', '--rm', '--pull', 'never', '--user', '0', ...rights, '--entrypoint', 'sh', toolboxImage, '-c', script],
    { timeoutMs: 60_000, ...(deps.signal === undefined ? {} : { signal: deps.signal }) },
  );
  return stdout;
}
