import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentReporter, type Runner } from '../../../../core/index.ts';
import { labImagesState, obtainLabImages } from '../../../../labs/images/lab-images.ts';
import { candidatesOf, planOf, type LabImagesRequest } from '../../../../labs/images/lab-plan.ts';
import { TRAEFIK_OFFICIAL } from '../../../../labs/images/versions.ts';
import { scriptedRunner } from '../../../support/scripted-runner.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kd-lab-images-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

const request = (runner: Runner, change: Partial<LabImagesRequest> = {}): LabImagesRequest => ({
  ...{ runner, paths: { cache, state: cache }, reporter: silentReporter, arch: 'amd64' },
  programs: [{ name: 'nearest', entry: 'core/nearest.ts' }],
  ...change,
});

function inspected(...references: readonly string[]): string {
  const one = (reference: string): string =>
    JSON.stringify({
      ...{ Id: `sha256:${reference}`, RepoTags: [reference], Architecture: 'amd64', Size: 1 },
      Config: { Labels: { 'io.kubedrill.source': 'an image registry' } },
    });
  return references.map((reference) => `${one(reference)}\n`).join('');
}

describe('the images of a lab', () => {
  test('are found in the engine with one question when nothing has changed', async () => {
    const plan = await planOf(request(scriptedRunner()));
    const [candidate] = await candidatesOf(plan);
    const node = candidate?.reference ?? '';
    const runner = scriptedRunner({
      command: /^docker image inspect/,
      stdout: inspected(plan.toolbox.reference, node),
    });
    expect(await obtainLabImages(request(runner))).toEqual({
      node,
      toolbox: plan.toolbox.reference,
      traefik: plan.traefik?.reference,
      source: 'an image registry',
      reasons: [],
    });
    runner.verify();
  });

  test('name the official Traefik when the node image was derived with that one', async () => {
    const plan = await planOf(request(scriptedRunner()));
    const official = (await candidatesOf(plan)).find(({ traefik }) => traefik === TRAEFIK_OFFICIAL);
    const stdout = inspected(plan.toolbox.reference, official?.reference ?? '');
    const runner = scriptedRunner({ command: /^docker image inspect/, stdout });
    expect(await obtainLabImages(request(runner))).toMatchObject({ traefik: TRAEFIK_OFFICIAL });
  });

  test('leave Traefik out when it is not wanted', async () => {
    const wanted = request(scriptedRunner(), { withTraefik: false });
    const plan = await planOf(wanted);
    const [candidate] = await candidatesOf(plan);
    const stdout = inspected(plan.toolbox.reference, candidate?.reference ?? '');
    const found = await obtainLabImages({
      ...wanted,
      runner: scriptedRunner({ command: /^docker image inspect/, stdout }),
    });
    expect(found).not.toHaveProperty('traefik');
  });

  test('that are not there are named, and nothing is obtained to find that out', async () => {
    const nothing = { command: /^docker image inspect/, exitCode: 1 };
    const runner = scriptedRunner(nothing, nothing);
    const state = await labImagesState(request(runner));
    expect(state).toMatchObject({ kind: 'absent' });
    expect(state.kind === 'absent' ? state.missing.join(' ') : '').toMatch(
      /^kubedrill\/node:v1\.35\.4-\S+ kubedrill\/toolbox:\S+ kubedrill\/node-lab:v1\.35\.4$/,
    );
    runner.verify();
  });

  test('are not complete without the toolbox, which the keeper is made from', async () => {
    const [candidate] = await candidatesOf(await planOf(request(scriptedRunner())));
    const stdout = inspected(candidate?.reference ?? '');
    const runner = scriptedRunner(
      { command: /^docker image inspect/, stdout, exitCode: 1 },
      { command: /^docker image inspect/, exitCode: 1 },
    );
    expect(await labImagesState(request(runner))).toMatchObject({ kind: 'absent' });
  });

  test('have other tags when a program of the toolbox changes, and the same when none does', async () => {
    const tagsOf = async (entry: string): Promise<readonly (string | undefined)[]> => {
      const plan = await planOf(request(scriptedRunner(), { programs: [{ name: 'one', entry }] }));
      return [plan.toolbox.reference, (await candidatesOf(plan))[0]?.reference, plan.traefik?.reference];
    };
    const [toolbox, node, traefik] = await tagsOf('core/nearest.ts');
    expect(await tagsOf('core/nearest.ts')).toEqual([toolbox, node, traefik]);
    const changed = await tagsOf('core/errors.ts');
    expect(changed[0]).not.toBe(toolbox);
    expect(changed[1]).not.toBe(node);
    expect(changed[2]).toBe(traefik);
  });

  test('a program that cannot be bundled is named, with what esbuild says', async () => {
    const programs = [{ name: 'none', entry: 'core/not-there.ts' }];
    await expect(obtainLabImages(request(scriptedRunner(), { programs }))).rejects.toMatchObject({
      what: 'could not bundle core/not-there.ts for the toolbox image',
      why: expect.stringContaining('not-there.ts') as string,
    });
  });
});
