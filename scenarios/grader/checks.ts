import { KubeError, messageOf } from '../../core/index.ts';
import type { Check, CheckContext, Finding } from '../define.ts';
import type { GradedCheck } from '../types.ts';

/** What a round found, by the checks' ids. */
export type Findings = ReadonlyMap<string, Finding>;

/** Asks the checks one after the other. An API server that does not answer ends the round: its error is thrown. */
export async function ask(checks: readonly Check<unknown>[], context: CheckContext<unknown>): Promise<Findings> {
  const findings = new Map<string, Finding>();
  for (const check of checks) findings.set(check.id, await askOne(check, context));
  return findings;
}

async function askOne(check: Check<unknown>, context: CheckContext<unknown>): Promise<Finding> {
  try {
    return await check.run(context);
  } catch (error) {
    if (error instanceof KubeError && error.status === undefined) throw error;
    return { ok: false, observed: `it could not be looked at: ${messageOf(error)}` };
  }
}

export function allOk(findings: Findings): boolean {
  return [...findings.values()].every(({ ok }) => ok);
}

/** Two rounds of the same checks as one: ok only where both were. */
export function bothOk(first: Findings, second: Findings): Findings {
  return new Map(
    [...first].map(([id, finding]) => {
      const again = second.get(id) ?? finding;
      return [id, finding.ok && !again.ok ? { ok: false, observed: `it did not hold: ${again.observed}` } : again];
    }),
  );
}

/** Checks whose meter paths failed meanwhile did not hold. */
export function withoutGaps(findings: Findings, gaps: ReadonlyMap<string, string>): Findings {
  return new Map(
    [...findings].map(([id, finding]) => {
      const gap = gaps.get(id);
      return [id, finding.ok && gap !== undefined ? { ok: false, observed: `it did not hold: ${gap}` } : finding];
    }),
  );
}

export function scored(checks: readonly Check<unknown>[], findings: Findings): readonly GradedCheck[] {
  return checks.map(({ id, says, points }) => {
    const { ok, observed } = findings.get(id) ?? NOT_TRIED;
    return { id, says, ok, observed, points: ok ? points : 0, max: points };
  });
}

const NOT_TRIED: Finding = { ok: false, observed: 'not tried: first everything else has to hold' };
