import { API_VERSION } from '../../core/index.ts';
import type { LabRecord } from '../../labs/index.ts';
import type { ProblemKind, VerifyReport, VerifyRound } from './types.ts';

/** Where a proof was made: nothing that differs from one run to the next of the same thing. */
export interface VerifiedOn {
  /** kubedrill's own version. */
  readonly version: string;
  readonly kubernetes: string;
  readonly topology: string;
}

export interface VerifyTotals {
  /** Variants of challenges. */
  readonly proofs: number;
  readonly rounds: number;
  readonly skipped: number;
  readonly falsePasses: number;
  readonly falseFails: number;
  /** Other things that went wrong. */
  readonly otherProblems: number;
  /** Starts that were followed by a stop that had to leave nothing; one after the other in the same lab. */
  readonly residueCycles: number;
  /** Those of them with a command that was ended by SIGKILL. */
  readonly killedCycles: number;
  /** Cycles that left something. */
  readonly residue: number;
}

/** All that `verify` found: its machine-readable result, and what shards are put together from. */
export interface VerifyDocument {
  readonly apiVersion: string;
  readonly on: VerifiedOn;
  readonly ok: boolean;
  readonly totals: VerifyTotals;
  readonly reports: readonly VerifyReport[];
}

export function verifiedOn(lab: Pick<LabRecord, 'kubernetesVersion' | 'topology'>, version: string): VerifiedOn {
  return { version, kubernetes: lab.kubernetesVersion, topology: lab.topology };
}

export function documentOf(on: VerifiedOn, reports: readonly VerifyReport[]): VerifyDocument {
  const totals = totalsOf(reports);
  return { apiVersion: API_VERSION, on, ok: reports.every(({ ok }) => ok), totals, reports };
}

/**
 * What the shards of a run found as one. A round that one of them played is not skipped, though another left it out; played by two, it has to
 * be right in both. Undefined for no documents, or for shards that were not run on the same thing.
 */
export function mergeDocuments(documents: readonly VerifyDocument[]): VerifyDocument | undefined {
  const [first, ...others] = documents;
  if (!first || others.some(({ on }) => JSON.stringify(on) !== JSON.stringify(first.on))) return undefined;
  const byProof = new Map<string, VerifyReport>();
  for (const report of documents.flatMap(({ reports }) => reports)) {
    const key = `${report.scenario} ${report.variant} ${String(report.seed)}`;
    const known = byProof.get(key);
    byProof.set(key, known ? mergeReports(known, report) : report);
  }
  return documentOf(first.on, [...byProof.values()]);
}

function mergeReports(one: VerifyReport, other: VerifyReport): VerifyReport {
  const rounds = new Map<string, VerifyRound>();
  for (const round of [...one.rounds, ...other.rounds]) {
    if (rounds.get(round.name)?.ok !== false) rounds.set(round.name, round);
  }
  const skipped = new Map([...one.skipped, ...other.skipped].map((round) => [round.name, round]));
  return {
    ...one,
    ok: one.ok && other.ok,
    rounds: [...rounds.values()],
    skipped: [...skipped.values()].filter(({ name }) => !rounds.has(name)),
    tookMs: [...rounds.values()].reduce((sum, { tookMs }) => sum + tookMs, 0),
  };
}

function problemsOf(rounds: readonly VerifyRound[], kinds: readonly ProblemKind[]): number {
  return rounds.flatMap(({ problems }) => problems).filter(({ kind }) => kinds.includes(kind)).length;
}

function totalsOf(reports: readonly VerifyReport[]): VerifyTotals {
  const rounds = reports.flatMap((report) => report.rounds);
  return {
    proofs: reports.length,
    rounds: rounds.length,
    skipped: reports.flatMap(({ skipped }) => skipped).length,
    falsePasses: problemsOf(rounds, ['false-pass']),
    falseFails: problemsOf(rounds, ['false-fail']),
    otherProblems: problemsOf(rounds, ['blind', 'unsteady', 'prediction', 'error']),
    residueCycles: rounds.length,
    killedCycles: rounds.filter(({ kind }) => kind === 'killed').length,
    residue: rounds.filter((round) => problemsOf([round], ['residue']) > 0).length,
  };
}
