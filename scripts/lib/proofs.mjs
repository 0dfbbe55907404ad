// The proofs of all challenges as a tier of the tests: `kubedrill verify --all`, bounded in time.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/** Minutes for all proofs together; a run of every one of them takes hours. `KUBEDRILL_PROOFS_MINUTES=all` has no limit. */
const DEFAULT_MINUTES = '15';

/** Plays them in a lab and answers as any tier does; each round counts as a test, and what did not fit as skipped. */
export async function playProofs(lab) {
  const minutes = process.env['KUBEDRILL_PROOFS_MINUTES'] ?? DEFAULT_MINUTES;
  const { code, output } = await kubedrill([
    ...['verify', '--all', '--json', '--name', lab],
    ...(minutes === 'all' ? [] : ['--budget', minutes, '--rotation', commit()]),
    ...(minutes === 'all' ? [] : touchedFiles().flatMap((file) => ['--touched', file])),
  ]);
  const found = parsed(output);
  if (found === undefined) return broken(`kubedrill verify ended with code ${code} and said nothing`);
  const named = ({ slug, variant }, text) => `${slug}, variant ${variant}: ${text}`;
  const { totals, reports } = found;
  const failures = reports.flatMap((report) =>
    report.rounds
      .filter(({ ok }) => !ok)
      .map(({ name, problems }) => named(report, `${name}: ${problems.map(({ says }) => says).join('; ')}`)),
  );
  const reasons = reports
    .filter(({ skipped }) => skipped.length > 0)
    .map((report) => named(report, `${report.skipped[0].why}: ${report.skipped.map(({ name }) => name).join(', ')}`));
  return {
    passed: totals.rounds - failures.length,
    failed: failures.length,
    skipped: totals.skipped,
    reasons,
    failures,
  };
}

function broken(why) {
  return { passed: 0, failed: 1, skipped: 0, reasons: [], failures: [why] };
}

function kubedrill(argv) {
  const child = spawn(process.execPath, [join(root, 'bin', 'kubedrill.mjs'), ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What gives each commit its own share of the rounds that nothing else asks for. */
function commit() {
  return git('rev-parse', 'HEAD')[0] ?? 'none';
}

/**
 * What is being proven: files that differ from where the branch left origin's main, or on main itself what the last commit (of a merge: all
 * that came with it) changed, and what is not committed yet. A clone without history, or no clone at all, names nothing: the rotation decides.
 */
function touchedFiles() {
  const [head] = git('rev-parse', 'HEAD');
  const [fork] = git('merge-base', 'HEAD', 'origin/HEAD');
  const base = fork === undefined || fork === head ? 'HEAD^1' : fork;
  const committed = git('diff', '--name-only', base, 'HEAD');
  const uncommitted = git('diff', '--name-only', 'HEAD');
  return [...new Set([...committed, ...uncommitted])];
}

/** The lines of git's answer; none where it fails. */
function git(...argv) {
  const { status, stdout } = spawnSync('git', argv, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
}
