import { GOOD, bad, judgeAnswer, judgeRecords, type Verdict } from '../agent/judge.ts';
import type { IdentityAnswer, ProbeResult, RunKey } from '../agent/protocol.ts';
import type { LabFacts } from '../lab/facts.ts';
import type { FailureClass, MatrixCell } from '../types.ts';
import { judgeOwnAddress } from './own-address.ts';
import { judgePolicies } from './policy-canary.ts';
import type { Expectation, PlannedCell, PlannedProbe, SourceRule } from './planned-cell.ts';

/** What came back for the plan: by the cell's place in it, or why its prober said nothing at all. */
export interface Measured {
  readonly key: RunKey;
  readonly results: ReadonlyMap<number, ProbeResult>;
  /** Names of probers that could not be asked, and why. */
  readonly down: ReadonlyMap<string, string>;
}

/** Judges each planned cell by what was measured: right answerer, right source, or the right kind of failure. Pure. */
export function evaluate(plan: readonly PlannedCell[], measured: Measured, facts: LabFacts): readonly MatrixCell[] {
  const cells = judgePolicies(plan.map((planned, index) => judgeCell(planned, index, measured)));
  return cells.map((cell, index) => {
    const probe = plan[index]?.probe;
    if (probe?.kind !== 'identity' || measured.down.has(cell.from)) return cell;
    const { verdict, observed } = judgeOwnAddress(cell.from, probe.address, cells, facts);
    return { ...cell, ...parts(verdict), observedSource: observed, expectedSource: probe.address };
  });
}

function judgeCell({ probe, ...names }: PlannedCell, index: number, measured: Measured): MatrixCell {
  const down = measured.down.get(names.from);
  const cell = { ...names, ok: false, ms: 0 };
  if (probe.kind === 'skip') return { ...cell, skipped: probe.why };
  if (probe.kind === 'impossible') return { ...cell, error: probe.error, detail: probe.detail };
  if (down !== undefined) return { ...cell, error: 'prober-down', detail: down };
  if (probe.kind === 'identity') return cell;
  const result = measured.results.get(index);
  if (result === undefined) return { ...cell, error: 'prober-down', detail: `${names.from} left it out` };
  return { ...cell, ...judgeJob(probe, result, measured.key) };
}

function judgeJob(
  { expect }: Extract<PlannedProbe, { kind: 'job' }>,
  { outcome, nonce, ms, tries, sent }: ProbeResult,
  key: RunKey,
): Pick<MatrixCell, 'ok' | 'ms'> & Partial<MatrixCell> {
  const source = expect.kind === 'answer' ? expect.source : undefined;
  return {
    ...parts(verdictOn(expect, outcome, { nonce, key })),
    ms,
    ...(tries > 1 ? { tries } : {}),
    ...(sent === undefined ? {} : { sentSource: sent }),
    ...seenBy(outcome),
    ...(source === undefined ? {} : { expectedSource: source.says }),
  };
}

/** The other end's word: who it is, and whom it saw. */
function seenBy(outcome: ProbeResult['outcome']): Pick<MatrixCell, 'observedSource' | 'answeredBy'> {
  if (outcome.kind === 'answer') {
    return { observedSource: outcome.answer.observed, answeredBy: outcome.answer.identity };
  }
  const proof = outcome.kind === 'status' ? outcome.certificate : undefined;
  return proof === undefined ? {} : { answeredBy: proof };
}

function verdictOn(
  expect: Expectation,
  outcome: ProbeResult['outcome'],
  rule: { readonly nonce: string; readonly key: RunKey },
): Verdict {
  switch (expect.kind) {
    case 'answer': {
      const verdict = judgeAnswer(outcome, { ...rule, answerers: expect.answerers });
      if (!verdict.ok || outcome.kind !== 'answer') return verdict;
      if (expect.asked !== undefined && !isAskedFor(outcome.answer, expect.asked)) {
        return bad('wrong-identity', `${outcome.answer.identity} was asked for ${urlOf(outcome.answer)}`);
      }
      return expect.source === undefined ? verdict : judgeSource(outcome.answer.observed, expect.source);
    }
    case 'records':
      return judgeExpectedRecords(outcome, expect);
    case 'refused':
    case 'silence':
    case 'nobody':
    case 'no-such-name':
      return judgeFailure(outcome, expect.kind);
    case 'status':
      return judgeStatus(outcome, expect.status);
  }
}

function judgeSource(observed: string, { says, addresses }: SourceRule): Verdict {
  return addresses.includes(observed) ? GOOD : bad('wrong-source', `seen as ${observed} instead of ${says}`);
}

function judgeExpectedRecords(
  outcome: ProbeResult['outcome'],
  { records, match }: Extract<Expectation, { kind: 'records' }>,
): Verdict {
  const verdict = judgeRecords(outcome, records);
  if (!verdict.ok || match === 'includes' || outcome.kind !== 'records') return verdict;
  const excess = outcome.records.filter((record) => !records.includes(record));
  return excess.length === 0 ? GOOD : bad('wrong-identity', `answered ${excess.join(', ')} as well`);
}

type NegativeKind = 'refused' | 'silence' | 'nobody' | 'no-such-name';

/** The classes in which what must fail may fail. */
const RIGHT_WAYS: Readonly<Record<NegativeKind, readonly FailureClass[]>> = {
  refused: ['refused'],
  silence: ['timeout'],
  nobody: ['timeout', 'refused', 'unreachable'],
  'no-such-name': ['dns-nxdomain'],
};

/** The one that must fail, and in this way: that a path is dead, or that somebody answers, are both wrong. */
function judgeFailure(outcome: ProbeResult['outcome'], kind: NegativeKind): Verdict {
  if (outcome.kind === 'answer') {
    return bad('wrong-identity', `${outcome.answer.identity} answered where nobody should`);
  }
  if (outcome.kind !== 'failure' || outcome.connected === true) {
    return bad('wrong-identity', 'something answered where nobody should');
  }
  if (RIGHT_WAYS[kind].includes(outcome.error)) return GOOD;
  return bad(outcome.error, `${WANTED[kind]}: ${outcome.detail}`);
}

const WANTED: Readonly<Record<NegativeKind, string>> = {
  refused: 'not refused',
  silence: 'not met with silence',
  nobody: 'not left alone',
  'no-such-name': 'not unknown',
};

function isAskedFor({ host, path }: IdentityAnswer, asked: { readonly host: string; readonly path: string }): boolean {
  return host === asked.host && path === asked.path;
}

function urlOf({ host = '', path = '' }: IdentityAnswer): string {
  return `${host}${path}`;
}

function judgeStatus(outcome: ProbeResult['outcome'], expected: number): Verdict {
  if (outcome.kind === 'failure') return bad(outcome.error, outcome.detail);
  const status = outcome.kind === 'status' ? outcome.status : outcome.kind === 'answer' ? outcome.status : undefined;
  if (status === expected) return GOOD;
  return bad('wrong-status', `HTTP ${String(status)} instead of ${String(expected)}`);
}

function parts(verdict: Verdict): Pick<MatrixCell, 'ok'> & Partial<MatrixCell> {
  return verdict.ok ? { ok: true } : { ok: false, error: verdict.error, detail: verdict.detail };
}
