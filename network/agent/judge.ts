import type { FailureClass } from '../types.ts';
import { isProber, matchesAny } from '../probers.ts';
import { isSignedWith, type IdentityAnswer, type ProbeOutcome, type RunKey } from './protocol.ts';

/** What a probe found, held against what was expected. */
export type Verdict =
  { readonly ok: true } | { readonly ok: false; readonly error: FailureClass; readonly detail: string };

export interface AnswerRule {
  readonly nonce: string;
  readonly key: RunKey;
  /** Identities that may answer, as glob patterns; any prober when absent. */
  readonly answerers?: readonly string[];
}

export const GOOD: Verdict = { ok: true };

export function bad(error: FailureClass, detail: string): Verdict {
  return { ok: false, error, detail };
}

/** An outcome that should be an identity's answer: the right nonce, an expected identity, and a prober's signature. */
export function judgeAnswer(outcome: ProbeOutcome, rule: AnswerRule): Verdict {
  switch (outcome.kind) {
    case 'failure':
      return bad(outcome.error, outcome.detail);
    case 'status':
      return bad('wrong-status', `HTTP ${String(outcome.status)}: ${outcome.detail}`);
    case 'records':
      return bad('wrong-identity', 'names were asked for, not an identity');
    case 'answer':
      return judgeIdentity(outcome.answer, rule);
  }
}

/** Records that should contain all those expected, or be any at all when none are named. */
export function judgeRecords(outcome: ProbeOutcome, expected: readonly string[]): Verdict {
  if (outcome.kind === 'failure') return bad(outcome.error, outcome.detail);
  if (outcome.kind !== 'records') return bad('wrong-identity', 'the answer holds no records');
  const { records } = outcome;
  if (records.length === 0) return bad('dns-no-answer', 'the name has no such records');
  const missing = expected.filter((record) => !records.includes(record));
  if (missing.length === 0) return GOOD;
  return bad('wrong-identity', `answered ${records.join(', ')} without ${missing.join(', ')}`);
}

function judgeIdentity(answer: IdentityAnswer, { nonce, key, answerers }: AnswerRule): Verdict {
  const { identity } = answer;
  if (answer.nonce !== nonce) return bad('wrong-identity', `${identity} answered another question`);
  if (answerers === undefined ? !isProber(identity) : !matchesAny(identity, answerers)) {
    return bad('wrong-identity', `${identity} answered instead of ${answerers?.join(' or ') ?? 'a prober'}`);
  }
  if (!isProber(identity) || isSignedWith(key.secret, answer)) return GOOD;
  const why =
    answer.signature === undefined ? 'did not sign: it has lost the key of this run' : 'signed with another key';
  return bad('wrong-identity', `${identity} ${why}`);
}
