import type { ProbeOutcome } from '../../../../network/agent/protocol.ts';
import { runJobs } from '../../../../network/agent/run-jobs.ts';
import type { ProbeOptions } from '../../../../network/agent/probe/prober.ts';

const TARGET = { kind: 'tcp', host: '10.0.0.1', port: 80 } as const;
const SILENCE: ProbeOutcome = { kind: 'failure', error: 'timeout', detail: 'x' };
const REFUSED: ProbeOutcome = { kind: 'failure', error: 'refused', detail: 'x' };
const RECORDS: ProbeOutcome = { kind: 'records', records: [] };

describe('a list of jobs', () => {
  test.each([
    ['silence, then an answer', [SILENCE, RECORDS], RECORDS, 2],
    ['silence twice', [SILENCE, SILENCE], SILENCE, 2],
    ['a refusal', [REFUSED], REFUSED, 1],
    ['an answer', [RECORDS], RECORDS, 1],
  ])('ends a job after %s', async (_, outcomes, expected, tries) => {
    const asked: { readonly nonce: string; readonly options: ProbeOptions }[] = [];
    const [result] = await runJobs(
      { keyId: 'k', jobs: [{ id: 7, target: TARGET, timeoutMs: 100, retryTimeoutMs: 300 }] },
      async (_target, { nonce }, options) => {
        asked.push({ nonce, options });
        return outcomes[asked.length - 1] ?? REFUSED;
      },
    );
    expect(result).toMatchObject({ id: 7, outcome: expected, tries });
    expect(asked.map(({ options }) => options.timeoutMs)).toEqual([100, 300].slice(0, tries));
    expect(new Set(asked.map(({ nonce }) => nonce)).size).toBe(tries);
    expect(result?.nonce).toBe(asked.at(-1)?.nonce);
  });

  test('is tried once each when no second try is asked for', async () => {
    const [result] = await runJobs(
      { keyId: 'k', jobs: [{ id: 1, target: TARGET, timeoutMs: 100 }] },
      async () => SILENCE,
    );
    expect(result?.tries).toBe(1);
  });
});
