import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaRunner, RunError, waitFor, done, notYet } from '../../../core/index.ts';

const runner = execaRunner();

async function failure(work: Promise<unknown>): Promise<RunError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}

describe('the process runner', () => {
  test('feeds input, relays lines as they come, and answers the output', async () => {
    const lines: string[] = [];
    const result = await runner.run('sh', ['-c', 'cat; echo done >&2'], {
      input: 'a\nb',
      onLine: (line, stream) => lines.push(`${stream}:${line}`),
    });
    expect(result).toEqual({ stdout: 'a\nb', stderr: 'done\n', exitCode: 0 });
    expect([...lines].sort()).toEqual(['stderr:done', 'stdout:a', 'stdout:b']);
  });

  test('feeds a file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kd-')), 'input');
    writeFileSync(file, 'from a file');
    expect((await runner.run('cat', [], { inputFile: file })).stdout).toBe('from a file');
  });

  test('never lets a shell see the arguments', async () => {
    expect((await runner.run('echo', ['$HOME; rm -rf x'])).stdout).toBe('$HOME; rm -rf x\n');
  });

  test('takes an exit code as an answer when told to', async () => {
    expect((await runner.run('sh', ['-c', 'exit 3'], { okExitCodes: [0, 3] })).exitCode).toBe(3);
  });

  test('says in facts why a program did not succeed', async () => {
    expect((await failure(runner.run('sh', ['-c', 'echo no such node >&2; exit 3']))).facts).toMatchObject({
      exitCode: 3,
      stderr: 'no such node\n',
    });
    expect((await failure(runner.run('kubedrill-no-such-program', []))).facts.notFound).toBe(true);
    expect((await failure(runner.run('sleep', ['20'], { timeoutMs: 50 }))).facts.timedOut).toBe(true);
    expect((await failure(runner.run('sleep', ['20'], { signal: AbortSignal.timeout(50) }))).facts.canceled).toBe(true);
  });

  test('a missing program is exit code 4', async () => {
    expect((await failure(runner.run('kubedrill-no-such-program', []))).exitCode).toBe(4);
  });

  test('pipes one program into another, byte for byte', async () => {
    const { stdout } = await runner.pipe(['head', '-c', '5000000', '/dev/zero'], ['wc', '-c']);
    expect(stdout.trim()).toBe('5000000');
  });

  test.each([
    { source: ['sh', '-c', 'echo x; exit 4'] as const, target: ['cat'] as const, blamed: 'sh' },
    { source: ['echo', 'x'] as const, target: ['sh', '-c', 'cat >/dev/null; exit 5'] as const, blamed: 'sh' },
  ])('fails when either side of a pipe does: $source | $target', async ({ source, target, blamed }) => {
    expect((await failure(runner.pipe(source, target))).facts.command[0]).toBe(blamed);
  });

  test('starts a program that goes on by itself and writes to its log', async () => {
    const logFile = join(mkdtempSync(join(tmpdir(), 'kd-')), 'logs', 'x.log');
    const pid = await runner.startDetached('sh', ['-c', 'echo started'], { logFile });
    expect(pid).toBeGreaterThan(1);
    await waitFor(async () => (readFileSync(logFile, 'utf8') === 'started\n' ? done(true) : notYet('empty')), {
      what: 'the log',
      timeoutMs: 5000,
      intervalMs: 20,
    });
  });

  test('says that a program to start is missing', async () => {
    const logFile = join(mkdtempSync(join(tmpdir(), 'kd-')), 'x.log');
    expect((await failure(runner.startDetached('kubedrill-no-such-program', [], { logFile }))).facts.notFound).toBe(
      true,
    );
  });
});
