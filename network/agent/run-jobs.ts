import type { ProbeJob, ProbeOrder, ProbeResult } from './protocol.ts';
import { newNonce, type Prober } from './probe/prober.ts';

/** As TCP does with its first segment, but soon enough for the answer to come in time. */
const RESEND_SHARE = 0.4;

/** Runs all jobs at once, each over sockets of its own; takes as long as the slowest, which its time-out bounds. */
export function runJobs({ keyId, jobs }: ProbeOrder, probe: Prober): Promise<readonly ProbeResult[]> {
  return Promise.all(jobs.map((job) => runJob(job, keyId, probe)));
}

async function runJob({ id, target, timeoutMs }: ProbeJob, keyId: string, probe: Prober): Promise<ProbeResult> {
  const nonce = newNonce();
  const startMs = performance.now();
  const outcome = await probe(target, { nonce, keyId }, { timeoutMs, resendAfterMs: timeoutMs * RESEND_SHARE });
  return { id, nonce, outcome, ms: Math.round((performance.now() - startMs) * 100) / 100 };
}
