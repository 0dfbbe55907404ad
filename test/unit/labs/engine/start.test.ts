import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentReporter } from '../../../../core/index.ts';
import { startCommands, startEngine, startPlan } from '../../../../labs/engine/start.ts';
import { fakeClock } from '../../../support/clock.ts';
import { scriptedRunner, type Expected } from '../../../support/scripted-runner.ts';

const READY = JSON.stringify({ ServerVersion: '26.1.5' });
const DOWN: Expected = { command: /^docker info/, exitCode: 1, stdout: '', stderr: 'Cannot connect' };

function deps(...expected: readonly Expected[]) {
  const runner = scriptedRunner(...expected);
  return {
    runner,
    clock: fakeClock(),
    paths: { state: '/tmp/kd-none', cache: '/tmp/kd-none' },
    reporter: silentReporter,
    env: {},
  };
}

describe('starting the engine', () => {
  test('is left to systemd where it runs', () => {
    const plan = startPlan('/state', true);
    expect(startCommands(plan)).toEqual(['systemctl start docker']);
  });

  test('is done by hand elsewhere, in a session of its own with a log', () => {
    const [line] = startCommands(startPlan('/state', false));
    expect(line).toMatch(/^sh -c 'mkdir -p \/state\/\.engine; setsid dockerd --data-root=\/var\/lib\/docker .* &'$/);
    expect(line).toContain('>>/state/.engine/dockerd.log 2>&1 </dev/null');
  });

  test('does nothing when one answers', async () => {
    const given = deps({ command: /^docker info/, stdout: READY });
    expect(await startEngine(given, () => undefined, startPlan('/state', false))).toMatchObject({
      serverVersion: '26.1.5',
    });
    given.runner.verify();
  });

  test('waits until it answers', async () => {
    const given = deps(DOWN, { command: /^dockerd / }, DOWN, DOWN, { command: /^docker info/, stdout: READY });
    const facts = await startEngine(given, () => undefined, startPlan('/state', false));
    expect(facts.serverVersion).toBe('26.1.5');
    given.runner.verify();
  });

  test('is not kept from it by a pid file whose number another process has by now', async () => {
    const state = mkdtempSync(join(tmpdir(), 'kubedrill-engine-'));
    const plan = startPlan(state, false);
    const pidFile = join(state, '.engine', 'dockerd.pid');
    mkdirSync(join(state, '.engine'));
    writeFileSync(pidFile, String(process.pid));
    const given = deps(DOWN, { command: /^dockerd / }, { command: /^docker info/, stdout: READY });
    await startEngine(given, () => undefined, plan);
    expect(existsSync(pidFile)).toBe(false);
    rmSync(state, { recursive: true });
  });

  test('that does not come to an answer names the command, with exit code 4', async () => {
    const given = deps(DOWN, { command: 'systemctl start docker' }, ...Array.from({ length: 300 }, () => DOWN));
    await expect(startEngine(given, () => undefined, startPlan('/state', true))).rejects.toMatchObject({
      what: 'the container engine did not start',
      hint: 'systemctl start docker',
      exitCode: 4,
    });
  });

  test('refuses a rootless one with exit code 4', async () => {
    const given = deps({
      command: /^docker info/,
      stdout: JSON.stringify({ ServerVersion: '28', SecurityOptions: ['name=rootless'] }),
    });
    await expect(startEngine(given, () => undefined, startPlan('/state', true))).rejects.toMatchObject({ exitCode: 4 });
  });
});
