import { messageOf, RunError, type Runner } from '../../../core/index.ts';
import { ENGINE } from '../../engine/facts.ts';
import type { Architecture } from '../architecture.ts';
import { inspectImage } from '../engine-images.ts';
import { notAvailable, obtained, type NodeImageSource, type NotAvailable, type ObtainedImage } from './source.ts';

export interface PullRequest {
  readonly reference: string;
  readonly arch: Architecture;
  readonly runner: Runner;
  readonly detail: (text: string) => void;
  readonly signal?: AbortSignal;
  /** How long the registry may be silent before it has answered at all. Default 20 s. */
  readonly answerTimeoutMs?: number;
}

const ANSWER_TIMEOUT_MS = 20_000;
const PULL_TIMEOUT_MS = 30 * 60_000;

/** Source 3: the image that the kind project publishes, by digest, where a registry answers. */
export const pull: NodeImageSource = {
  name: 'an image registry',
  obtain: ({ release, reporter, ...rest }) =>
    reporter.stage(`Ask the registry for ${release.kindest}`, (detail) =>
      pullImage({ ...rest, reference: release.kindest, detail }),
    ),
};

/** Pulls an image, unless the engine has it already. A registry that does not answer, or not with it, is an answer. */
export async function pullImage(request: PullRequest): Promise<ObtainedImage | NotAvailable> {
  const { reference, arch, runner } = request;
  if ((await inspectImage(reference, runner))?.arch === arch) return obtained(reference);
  const silence = new AbortController();
  const answerTimeoutMs = request.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
  const timer = setTimeout(() => silence.abort(), answerTimeoutMs);
  try {
    await runner.run(ENGINE, ['pull', `--platform=linux/${arch}`, reference], {
      timeoutMs: PULL_TIMEOUT_MS,
      signal: request.signal === undefined ? silence.signal : AbortSignal.any([request.signal, silence.signal]),
      // The engine's first line comes when the registry has answered with the image's manifest.
      onLine: (line, stream) => {
        if (stream === 'stdout') clearTimeout(timer);
        request.detail(line);
      },
    });
    return obtained(reference);
  } catch (error) {
    if (silence.signal.aborted) return notAvailable(`no answer within ${String(answerTimeoutMs / 1000)} s`);
    if (!(error instanceof RunError) || error.facts.canceled) throw error;
    return notAvailable(lastLine(error.facts.stderr) ?? messageOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function lastLine(text: string): string | undefined {
  const line = text.trim().split('\n').at(-1)?.trim();
  return line === '' ? undefined : line;
}
