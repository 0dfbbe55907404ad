import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentReporter } from '../../../../core/index.ts';
import { nodeImagePlan } from '../../../../labs/images/build/node-image.ts';
import { buildFolder, stageFolder } from '../../../../labs/images/build/stage.ts';
import { candidatesOf, planOf, type LabImagesRequest } from '../../../../labs/images/lab-plan.ts';
import { removeOldImages } from '../../../../labs/images/remove-old.ts';
import { kubernetesRelease } from '../../../../labs/images/versions.ts';
import { scriptedRunner, type Expected } from '../../../support/scripted-runner.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kd-old-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

const request = (...expected: readonly Expected[]) => {
  const runner = scriptedRunner(...expected);
  const asked: LabImagesRequest & { readonly runner: typeof runner } = {
    ...{ runner, paths: { cache, state: cache }, reporter: silentReporter, arch: 'amd64' },
    programs: [{ name: 'nearest', entry: 'core/nearest.ts' }],
  };
  return asked;
};
const json = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const inspected = (references: readonly string[]): string =>
  json(references.map((reference) => ({ Id: reference, RepoTags: [reference], Architecture: 'amd64', Size: 1 })));
const rows = (references: readonly string[]): string =>
  json(references.map((reference) => ({ Repository: reference.split(':')[0], Tag: reference.split(':')[1] })));

describe('removing old images', () => {
  test('removes what today’s recipes do not make, keeps what they do, and says what is in use', async () => {
    const plan = await planOf(request());
    const [candidate] = await candidatesOf(plan);
    const base = nodeImagePlan(plan.release, 'amd64').reference;
    const current = [base, plan.toolbox.reference, candidate?.reference ?? ''];
    const all = [...current, 'kubedrill/node:v1.35.4-old', 'kubedrill/toolbox:used'];
    const asked = request(
      { command: /^docker image inspect .*node-lab/, stdout: inspected(current.slice(1)) },
      { command: /^docker image ls/, stdout: rows(all) },
      { command: /^docker image inspect .*toolbox:used/, stdout: inspected(all) },
      { command: 'docker image rm kubedrill/node:v1.35.4-old' },
      {
        command: 'docker image rm kubedrill/toolbox:used',
        exitCode: 1,
        stderr: 'image is being used by container 1\n',
      },
    );
    expect(await removeOldImages(asked)).toMatchObject({
      images: ['kubedrill/node:v1.35.4-old'],
      kept: [{ reference: 'kubedrill/toolbox:used', why: 'image is being used by container 1' }],
    });
    asked.runner.verify();
  });

  test('clears the build cache of results that no recipe of today names', async () => {
    const [stage] = nodeImagePlan(kubernetesRelease(), 'amd64').stages;
    if (stage === undefined) throw new Error('a node image has stages');
    const current = stageFolder(stage, { cache, state: cache });
    const old = join(buildFolder({ cache, state: cache }), 'go-kubernetes-amd64-000000000000');
    for (const folder of [current, old]) mkdirSync(folder, { recursive: true });
    const removed = await removeOldImages(
      request({ command: /^docker image inspect/, exitCode: 1 }, { command: /^docker image ls/ }),
    );
    expect(removed.builds).toEqual(['go-kubernetes-amd64-000000000000']);
    expect([current, old].map((folder) => existsSync(folder))).toEqual([true, false]);
  });
});
