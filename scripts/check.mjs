// `npm run check`: what has to be true before every commit. Everything runs, also after a failure; all failures are shown.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './lib/prepare.mjs';

const bin = (name) => [process.execPath, join(root, 'node_modules', ...name)];
const jest = [
  process.execPath,
  '--experimental-vm-modules',
  '--no-warnings',
  join(root, 'node_modules/jest/bin/jest.js'),
];

const STEPS = [
  { title: 'types', command: [...bin(['typescript', 'bin', 'tsc']), '--noEmit'] },
  {
    title: 'lint and walls',
    command: [
      ...bin(['eslint', 'bin', 'eslint.js']),
      '.',
      '--cache',
      '--cache-location',
      'node_modules/.cache/eslint/',
    ],
  },
  {
    title: 'format',
    command: [...bin(['prettier', 'bin', 'prettier.cjs']), '--check', '--log-level', 'warn', '--cache', '.'],
  },
  { title: 'dead code', command: [...bin(['knip', 'bin', 'knip.js'])] },
  { title: 'unit and contract tests', command: [...jest, '--selectProjects', 'unit', 'contract', '--silent'] },
];

/** Two at a time: the machine that this is meant for has two cores. */
const AT_ONCE = 2;

prepare();
const queue = [...STEPS];
const outcomes = [];
await Promise.all(Array.from({ length: AT_ONCE }, worker));
const failed = outcomes.filter((outcome) => !outcome.ok);
for (const { title, output } of failed) process.stdout.write(`\n── ${title}\n${output}\n`);
process.stdout.write(
  failed.length === 0 ? 'check: all good\n' : `check: failed: ${failed.map(({ title }) => title).join(', ')}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function worker() {
  for (let step = queue.shift(); step; step = queue.shift()) {
    const startedMs = Date.now();
    const outcome = await run(step);
    outcomes.push(outcome);
    process.stdout.write(
      `${outcome.ok ? '✓' : '✗'} ${step.title} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)\n`,
    );
  }
}

function run({ title, command: [file, ...args] }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ title, ok: false, output: error.message }));
    child.on('close', (code) => resolve({ title, ok: code === 0, output }));
  });
}
