// `npm test`: every tier of tests, one line for each, the reason for each skip, and the count at the end.
// KUBEDRILL_E2E=required: what cannot run fails. KUBEDRILL_E2E=off: no real clusters. Arguments select tiers by name.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { prepare, root, say } from './lib/prepare.mjs';
import { playProofs } from './lib/proofs.mjs';

const TIERS = [
  { name: 'unit', needsEngine: false },
  { name: 'contract', needsEngine: false },
  { name: 'compat', needsEngine: false },
  { name: 'integration', needsEngine: true },
  // Brings up a lab of its own, so it comes before those that share one: two labs at once measure each other.
  { name: 'start', needsEngine: true, needsCluster: true },
  { name: 'e2e', needsEngine: true, needsCluster: true, sharesLab: true },
  { name: 'mishaps', needsEngine: true, needsCluster: true, sharesLab: true },
  // No tests of jest's: the challenges' own proofs, as many as fit into KUBEDRILL_PROOFS_MINUTES.
  { name: 'proofs', needsEngine: true, needsCluster: true, sharesLab: true, play: playProofs },
];
/** Debian packages of the programs that integration tests call, by program; a lab itself needs none of them. */
const TEST_PROGRAMS = {
  ip: 'iproute2',
  iptables: 'iptables',
  nft: 'nftables',
  openssl: 'openssl',
  chromium: 'chromium',
};
/** The lab of test/support/e2e-lab.ts. */
const SHARED_LAB = 'e2e';
const mode = process.env['KUBEDRILL_E2E'] ?? 'auto';

prepare();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !TIERS.some((tier) => tier.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `there is no tier ${unknown.join(', ')}\nthere are ${TIERS.map(({ name }) => name).join(', ')}\nTry: npm test -- unit\n`,
  );
  process.exit(2);
}
const tiers = TIERS.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).filter(
  ({ needsCluster }) => mode !== 'off' || !needsCluster,
);
const needsEngine = mode !== 'off' && tiers.some((tier) => tier.needsEngine);
const engineWasUp = engineAnswers();
if (needsEngine) setUp();

const results = [];
// One that a cut run left may be in the middle of a challenge.
if (tiers.some(({ sharesLab }) => sharesLab) && engineAnswers() && !keeps()) kubedrill('down', '--name', SHARED_LAB);
for (const tier of tiers) results.push(await runTier(tier));
if (needsEngine) tidyUp();
const total = sum(results);
for (const { name, failures } of results)
  for (const failure of failures) process.stdout.write(`failed in ${name}: ${failure}\n`);
for (const { name, reasons } of results)
  for (const reason of reasons) process.stdout.write(`skipped in ${name}: ${reason}\n`);
if (mode === 'off') process.stdout.write('not run: real clusters, because KUBEDRILL_E2E=off\n');
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** The machine's part of the set-up; without a terminal nobody can be asked, and asking for the tests is the answer. */
function setUp() {
  installTestPrograms();
  say('looking at the machine (kubedrill doctor --fix)');
  const yes = process.stdin.isTTY ? [] : ['--yes'];
  if (!kubedrill('doctor', '--fix', ...yes))
    say('doctor could not mend everything: what needs it is skipped, or fails where it is required');
}

/** What cannot be installed here makes its tests skip, with the program's name. */
function installTestPrograms() {
  const isThere = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
  const missing = Object.entries(TEST_PROGRAMS).filter(([program]) => !isThere(program));
  if (missing.length === 0 || !isThere('apt-get') || process.getuid?.() !== 0) return;
  const packages = missing.map(([, name]) => name);
  say(`installing what the tests call: ${packages.join(', ')} (apt-get install)`);
  const apt = (...argv) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...argv], { stdio: ['inherit', 2, 2] });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

/** An engine that was started for the tests ends with them. KUBEDRILL_KEEP=1 leaves all as it is for a look. */
function tidyUp() {
  if (keeps() || !engineAnswers()) return;
  const isShared = tiers.some(({ sharesLab }) => sharesLab);
  if (isShared || !engineWasUp) kubedrill('down', '--name', SHARED_LAB, ...(engineWasUp ? [] : ['--engine']));
}

function keeps() {
  return process.env['KUBEDRILL_KEEP'] === '1';
}

function engineAnswers() {
  return spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
}

/** One command of the built kubedrill; its talk goes to stderr. True when it succeeded. */
function kubedrill(...argv) {
  const bin = join(root, 'bin', 'kubedrill.mjs');
  return spawnSync(process.execPath, [bin, ...argv], { stdio: ['inherit', 2, 2] }).status === 0;
}

async function runTier(tier) {
  const startedMs = Date.now();
  const result = await resultOf(tier);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const mark = result.failed > 0 ? '✗' : '✓';
  process.stdout.write(
    `${mark} ${tier.name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped (${seconds} s)\n`,
  );
  return result;
}

async function resultOf(tier) {
  // Without an engine the tests skip themselves, with the reason.
  if (tier.sharesLab && engineAnswers() && !kubedrill('up', '--name', SHARED_LAB))
    return broken(tier.name, `the lab "${SHARED_LAB}" did not come up`);
  if (tier.play)
    return engineAnswers() ? { name: tier.name, ...(await tier.play(SHARED_LAB)) } : withoutEngine(tier.name);
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-test-'));
  const report = join(folder, 'report.json');
  const code = await jest(tier, report);
  const result = read(tier.name, report, code);
  rmSync(folder, { recursive: true });
  return result;
}

function jest({ name, needsEngine: serial, needsCluster }, report) {
  const args = ['--selectProjects', name, '--passWithNoTests', '--json', '--outputFile', report];
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--no-warnings',
        join(root, 'node_modules/jest/bin/jest.js'),
        ...args,
        ...(serial ? ['--runInBand'] : []),
      ],
      {
        cwd: root,
        stdio: ['ignore', 'ignore', needsCluster ? 'inherit' : 'pipe'],
        env: { ...process.env, KUBEDRILL_E2E: mode },
      },
    );
    let talk = '';
    child.stderr?.on('data', (chunk) => (talk += chunk));
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(talk);
      resolve(code ?? 1);
    });
  });
}

/** A report that is missing, or a suite that did not even load, counts as a failure. */
function read(name, report, code) {
  let json;
  try {
    json = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return broken(name, 'jest wrote no report');
  }
  const tests = json.testResults.flatMap((suite) => suite.assertionResults);
  const skipped = tests.filter(({ status }) => status === 'pending' || status === 'todo');
  const required = mode === 'required' ? skipped.filter(({ fullName }) => !fullName.includes('[optional]')) : [];
  const failures = [
    ...json.testResults.filter(({ assertionResults }) => assertionResults.length === 0).map(({ message }) => message),
    ...tests.filter(({ status }) => status === 'failed').map(failureOf),
    ...required.map(({ fullName }) => `skipped, and required: ${fullName}`),
  ].map(inShort);
  if (failures.length === 0 && code !== 0) return broken(name, `jest ended with code ${code}`);
  return {
    name,
    passed: json.numPassedTests,
    failed: failures.length,
    skipped: skipped.length - required.length,
    reasons: skipped.map(({ fullName }) => fullName),
    failures,
  };
}

/** Tiers of jest's tests skip themselves, each test with the reason. */
function withoutEngine(name) {
  const reason = 'no container engine answers';
  if (mode === 'required') return broken(name, reason);
  return { name, passed: 0, failed: 0, skipped: 1, reasons: [reason], failures: [] };
}

/** A tier of which nothing is known but that it failed. */
function broken(name, why) {
  return { name, passed: 0, failed: 1, skipped: 0, reasons: [], failures: [why] };
}

function failureOf({ fullName, failureMessages }) {
  return `${fullName}\n${failureMessages.join('\n')}`;
}

/** What is left to read when the rest of a long log was cut off: without colours, stack and middle. */
function inShort(text) {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const shown = lines.length <= 24 ? lines : [...lines.slice(0, 8), '…', ...lines.slice(-15)];
  return shown.join('\n    ');
}

function sum(all) {
  const add = (key) => all.reduce((count, result) => count + result[key], 0);
  return { passed: add('passed'), failed: add('failed'), skipped: add('skipped') };
}
