import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode, silentReporter, type Runner } from '../../../../core/index.ts';
import { architectureFrom } from '../../../../labs/images/architecture.ts';
import { nodePrograms } from '../../../../labs/images/build/programs.ts';
import { stageFolder } from '../../../../labs/images/build/stage.ts';
import { kubernetesRelease } from '../../../../labs/images/versions.ts';
import { obtainKubectl } from '../../../../labs/tools/kubectl.ts';
import { scriptedRunner } from '../../../support/scripted-runner.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kd-kubectl-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

const deps = (runner: Runner) => ({ runner, paths: { cache, state: cache }, reporter: silentReporter });
const none = { command: 'kubectl version --client', missing: true } as const;

describe('obtaining kubectl', () => {
  test('takes the one on the PATH', async () => {
    const runner = scriptedRunner({ command: 'kubectl version --client', stdout: 'Client Version: v1.34.1\n' });
    expect(await obtainKubectl(deps(runner))).toEqual({ path: 'kubectl', version: '1.34.1' });
  });

  test('else the one that was built for the node image', async () => {
    const stage = nodePrograms(kubernetesRelease(), architectureFrom({}, process.arch)).kubernetes;
    const folder = stageFolder(stage, { cache, state: cache });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'kubectl'), 'built');
    const tool = await obtainKubectl(deps(scriptedRunner(none)));
    expect(tool).toEqual({ path: join(cache, 'tools', 'kubectl-v1.35.4', 'kubectl'), version: '1.35.4' });
    expect(readFileSync(tool.path, 'utf8')).toBe('built');
  });

  test('fails with exit code 4 when there is none anywhere', async () => {
    await expect(obtainKubectl(deps(scriptedRunner(none)))).rejects.toMatchObject({
      what: 'kubectl is needed, and there is none',
      exitCode: ExitCode.toolMissing,
    });
    expect(existsSync(join(cache, 'tools', 'kubectl-v1.35.4', 'kubectl'))).toBe(false);
  });
});
