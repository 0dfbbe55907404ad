import { messageOf, RunError, type Runner } from '../../../core/index.ts';
import { ENGINE } from '../../engine/facts.ts';
import { inspectImage } from '../engine-images.ts';
import { notAvailable, obtained, type NodeImageSource } from './source.ts';

/** How long a registry may take to answer for the image's manifest; nothing is pulled in that time. */
const ANSWER_TIMEOUT_MS = 20_000;
const PULL_TIMEOUT_MS = 30 * 60_000;

/** Source 3: the image that the kind project publishes, by digest, where a registry answers. */
export const pull: NodeImageSource = {
  name: 'an image registry',
  obtain: async ({ release, arch, runner, reporter }) => {
    const have = await inspectImage(release.kindest, runner);
    if (have?.arch === arch) return obtained(release.kindest);
    const refusal = await whyUnreachable(release.kindest, runner);
    if (refusal !== undefined) return notAvailable(refusal);
    await reporter.stage(`Pull ${release.kindest}`, (detail) =>
      pullImage({ reference: release.kindest, arch, runner, detail }),
    );
    return obtained(release.kindest);
  },
};

/** Undefined when the registry has the image; else what it, or the way to it, said. */
export async function whyUnreachable(reference: string, runner: Runner): Promise<string | undefined> {
  try {
    await runner.run(ENGINE, ['manifest', 'inspect', reference], { timeoutMs: ANSWER_TIMEOUT_MS });
    return undefined;
  } catch (error) {
    if (!(error instanceof RunError) || error.facts.canceled) throw error;
    if (error.facts.timedOut) return `no answer within ${String(ANSWER_TIMEOUT_MS / 1000)} s`;
    return lastLine(error.facts.stderr) ?? messageOf(error);
  }
}

/** Pulls an image; the engine's own progress lines are the details. */
export async function pullImage(request: {
  readonly reference: string;
  readonly arch: string;
  readonly runner: Runner;
  readonly detail: (text: string) => void;
}): Promise<void> {
  await request.runner.run(ENGINE, ['pull', `--platform=linux/${request.arch}`, request.reference], {
    timeoutMs: PULL_TIMEOUT_MS,
    onLine: (line) => request.detail(line),
  });
}

function lastLine(text: string): string | undefined {
  const line = text.trim().split('\n').at(-1)?.trim();
  return line === '' ? undefined : line;
}
