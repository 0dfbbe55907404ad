import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentReporter, systemClock } from '../../../../core/index.ts';
import { enginePidFile } from '../../../../labs/engine/pid-file.ts';
import { stopEngine } from '../../../../labs/engine/stop.ts';
import { scriptedRunner, type Expected } from '../../../support/scripted-runner.ts';

const state = mkdtempSync(join(tmpdir(), 'kubedrill-engine-'));
const pidFile = enginePidFile(state);
let child: ChildProcess;

/** A process that runs until it is told to end, with these words on its command line, named by the pid file. */
async function run(...words: readonly string[]): Promise<void> {
  child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)', '--', ...words]);
  if (child.stdout === null) throw new Error('no output to read');
  await once(child.stdout, 'data');
  mkdirSync(dirname(pidFile), { recursive: true });
  writeFileSync(pidFile, `${String(child.pid)}\n`);
}

function deps(...expected: readonly Expected[]) {
  const runner = scriptedRunner(...expected);
  return { runner, clock: systemClock, paths: { state, cache: state }, reporter: silentReporter, env: {} };
}

afterEach(() => child.kill('SIGKILL'));
afterAll(() => rmSync(state, { recursive: true }));

describe('stopping the engine', () => {
  test('ends the one that kubedrill started, and waits until it is gone', async () => {
    await run(`--pidfile=${pidFile}`);
    const exited = once(child, 'exit');
    expect(await stopEngine(deps({ command: /^docker ps/, stdout: '' }))).toBe('stopped');
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  test('leaves a process alone that only has the number of the old one', async () => {
    await run('--pidfile=/run/docker.pid');
    expect(await stopEngine(deps())).toBe('not-ours');
    expect(child.exitCode).toBeNull();
  });

  test('refuses while containers run, and names them', async () => {
    await run(`--pidfile=${pidFile}`);
    await expect(stopEngine(deps({ command: /^docker ps/, stdout: 'lab-worker\ndb\n' }))).rejects.toMatchObject({
      what: 'the container engine is still needed',
      why: 'lab-worker, db run in it',
      hint: expect.stringContaining('kubedrill down'),
    });
    expect(child.exitCode).toBeNull();
  });
});
