import type { RoundKind, VerifyDocument, VerifyReport, VerifyRound } from '../../scenarios/index.ts';

const HEAD = [
  'challenge',
  'variant',
  'rounds',
  'fixes pass',
  'cheats fail',
  'killed and undone',
  'tampering seen',
  'false passes',
  'false fails',
  'residue',
  'not run',
];

/** The results as a page of the documentation; the same results give the same page. */
export function proofsPage(document: VerifyDocument): string {
  const rows = document.reports.map((report) => rowOf(report));
  const table = [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [
    '# Proofs',
    '',
    'Made by `kubedrill verify --all --report docs/proofs.md` on a real cluster. Each round is a run of its own: a start, what is tried, a grade,',
    'and a stop after which the lab has to be as it was. The reference round also grades the unsolved lab, and the solved one twice.',
    '',
    summaryOf(document),
    '',
    ...table,
    ...problemLines(document),
    '',
  ].join('\n');
}

/** The sums as a sentence. */
export function summaryOf({ on, totals }: VerifyDocument): string {
  const { proofs, rounds, skipped, falsePasses, falseFails, otherProblems, residueCycles, killedCycles, residue } =
    totals;
  const cycles = `${String(residueCycles)} residue cycles (${String(killedCycles)} with a kill -9), ${String(residue)} with residue`;
  const faults = `${String(falsePasses)} false passes, ${String(falseFails)} false fails, ${String(otherProblems)} other problems`;
  const left = skipped === 0 ? '' : `; ${String(skipped)} rounds not run`;
  return `kubedrill ${on.version}, Kubernetes ${on.kubernetes}, topology ${on.topology}: ${String(proofs)} proofs, ${String(rounds)} rounds, ${faults}; ${cycles}${left}.`;
}

function rowOf({ scenario, slug, variant, rounds, skipped }: VerifyReport): readonly string[] {
  const wrong = (kind: string): string =>
    String(rounds.flatMap(({ problems }) => problems).filter((problem) => problem.kind === kind).length);
  return [
    `${scenario} ${slug}`,
    variant,
    `${String(rounds.filter(({ ok }) => ok).length)} of ${String(rounds.length)}`,
    share(rounds, ['reference', 'fix']),
    share(rounds, ['cheat']),
    share(rounds, ['killed']),
    share(rounds, ['tampered']),
    wrong('false-pass'),
    wrong('false-fail'),
    wrong('residue'),
    String(skipped.length),
  ];
}

function share(rounds: readonly VerifyRound[], kinds: readonly RoundKind[]): string {
  const meant = rounds.filter(({ kind }) => kinds.includes(kind));
  if (meant.length === 0) return '–';
  return `${String(meant.filter(({ ok }) => ok).length)} of ${String(meant.length)}`;
}

function problemLines({ reports }: VerifyDocument): readonly string[] {
  const lines = reports.flatMap(({ scenario, variant, rounds }) =>
    rounds
      .filter(({ ok }) => !ok)
      .map(({ name, problems }) => `- ${scenario} ${variant}, ${name}: ${problems.map(({ says }) => says).join('; ')}`),
  );
  return lines.length === 0 ? [] : ['', '## What went wrong', '', ...lines];
}
