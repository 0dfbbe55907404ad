import { newNonce, type Prober } from './probe/prober.ts';
import type { ProbeJob, ProbeOrder, ProbeOutcome, ProbeResult } from './protocol.ts';

/** As TCP does with its first segment, but soon enough for the answer to come in time. */
const RESEND_SHARE = 0.4;

/**
 * Runs all jobs at once, each over sockets of its own. A job that met silence is tried once more, with more patience: on a
 * busy machine silence may be slowness, while any other failure is an answer. Takes as long as the slowest, which is
 * bounded by the two time-outs.
 */
export function runJobs({ keyId, jobs }: ProbeOrder, probe: Prober): Promise<readonly ProbeResult[]> {
  return Promise.all(jobs.map((job) => runJob(job, keyId, probe)));
}

async function runJob(job: ProbeJob, keyId: string, probe: Prober): Promise<ProbeResult> {
  const first = await tryOnce(job, job.timeoutMs, keyId, probe);
  if (!isSilence(first.outcome) || job.retryTimeoutMs === undefined) return { ...first, tries: 1 };
  return { ...(await tryOnce(job, job.retryTimeoutMs, keyId, probe)), tries: 2 };
}

async function tryOnce(
  { id, target }: ProbeJob,
  timeoutMs: number,
  keyId: string,
  probe: Prober,
): Promise<Omit<ProbeResult, 'tries'>> {
  const nonce = newNonce();
  const startMs = performance.now();
  let sent: string | undefined;
  const outcome = await probe(
    target,
    { nonce, keyId },
    { timeoutMs, resendAfterMs: timeoutMs * RESEND_SHARE, onSource: (address) => (sent = address) },
  );
  const ms = Math.round((performance.now() - startMs) * 100) / 100;
  return { id, nonce, outcome, ms, ...(sent === undefined ? {} : { sent }) };
}

function isSilence(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'failure' && (outcome.error === 'timeout' || outcome.error === 'dns-no-answer');
}
