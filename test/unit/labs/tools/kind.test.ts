import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ExitCode, silentReporter, type Runner } from '../../../../core/index.ts';
import { obtainKind } from '../../../../labs/tools/kind.ts';
import { scriptedRunner } from '../../../support/scripted-runner.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kd-kind-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

const deps = (runner: Runner) => ({ runner, paths: { cache, state: cache }, reporter: silentReporter });
const cachedPath = (version: string): string => join(cache, 'tools', `kind-v${version}`, 'kind');

function cached(version: string): string {
  mkdirSync(dirname(cachedPath(version)), { recursive: true });
  writeFileSync(cachedPath(version), '');
  return cachedPath(version);
}

describe('obtaining kind', () => {
  test.each(['0.30.0', '0.33.0', '1.0.0'])('takes kind %s from the PATH', async (version) => {
    const runner = scriptedRunner({ command: 'kind --version', stdout: `kind version ${version}\n` });
    expect(await obtainKind(deps(runner))).toEqual({ path: 'kind', version });
  });

  test.each([
    ['is too old', { stdout: 'kind version 0.29.0\n' }],
    ['is not there', { missing: true as const }],
  ])('takes the one that it built before when that on the PATH %s', async (_name, answer) => {
    const path = cached('0.33.0');
    const runner = scriptedRunner(
      { command: 'kind --version', ...answer },
      { command: `${path} --version`, stdout: 'kind version 0.33.0\n' },
    );
    expect(await obtainKind(deps(runner))).toEqual({ path, version: '0.33.0' });
  });

  test('takes no other version than one that is asked for', async () => {
    const path = cached('0.30.0');
    const runner = scriptedRunner(
      { command: 'kind --version', stdout: 'kind version 0.33.0\n' },
      { command: `${path} --version`, stdout: 'kind version 0.30.0\n' },
    );
    expect(await obtainKind({ ...deps(runner), version: '0.30.0' })).toEqual({ path, version: '0.30.0' });
  });

  test('fails with exit code 4 when there is neither kind nor Go, and leaves nothing behind', async () => {
    const runner = scriptedRunner(
      { command: 'kind --version', missing: true },
      { command: 'go version', missing: true },
    );
    await expect(obtainKind(deps(runner))).rejects.toMatchObject({
      what: 'kind is needed, and could not be built',
      hint: expect.stringContaining('apt-get install golang-go') as string,
      exitCode: ExitCode.toolMissing,
    });
    expect(existsSync(cachedPath('0.33.0'))).toBe(false);
  });

  test('a version without a recipe is a usage error that names those with one', async () => {
    const runner = scriptedRunner({ command: 'kind --version', missing: true });
    await expect(obtainKind({ ...deps(runner), version: '0.12.0' })).rejects.toMatchObject({
      why: 'kind can be built in the versions 0.33.0, 0.30.0',
      exitCode: ExitCode.usage,
    });
  });

  test('says what to remove when the one that was built does not run', async () => {
    const path = cached('0.33.0');
    const runner = scriptedRunner(
      { command: 'kind --version', missing: true },
      { command: `${path} --version`, exitCode: 126 },
    );
    await expect(obtainKind(deps(runner))).rejects.toMatchObject({
      hint: expect.stringContaining(dirname(path)) as string,
    });
  });
});
