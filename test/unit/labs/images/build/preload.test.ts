import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preload, type PreloadRequest } from '../../../../../labs/images/build/preload.ts';
import { scriptedRunner, type Expected } from '../../../../support/scripted-runner.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kd-preload-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

const NAME = 'kubedrill-preload-[0-9a-f]{12}';
const remove: Expected = { command: new RegExp(`^docker rm --force --volumes ${NAME}$`) };
const start: Expected = { command: new RegExp(`^docker run .*--name ${NAME} .* node:base infinity$`) };
const script: Expected = { command: /^docker exec --interactive \S+ bash -s$/ };
const list = (stdout: string): Expected => ({ command: /images list -q$/, stdout });
const request: PreloadRequest = {
  ...{ base: 'node:base', target: 'node:lab', images: [], labels: { 'io.kubedrill.image': 'node-lab' } },
  foreign: ['docker.io/library/traefik:v1'],
};
const deps = (runner: ReturnType<typeof scriptedRunner>) => ({
  ...{ runner, paths: { cache, state: cache }, detail: () => undefined },
});

describe('preloading a node image', () => {
  test('imports, commits with the entry point of a node, and removes the container and what a killed build left', async () => {
    const runner = scriptedRunner(
      ...[remove, start, script, { command: /^docker save .*traefik:v1 '\|' docker exec .* import --no-unpack -$/ }],
      ...[list('docker.io/library/traefik:v1\n'), script, { command: /^docker commit .* node:lab$/ }, remove],
    );
    await preload(request, deps(runner));
    runner.verify();
    expect(runner.calls[0]).toMatch(/^docker rm/);
    const commit = runner.calls.find((call) => call.startsWith('docker commit')) ?? '';
    expect(commit).toContain('ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]');
    expect(commit).toContain('LABEL io.kubedrill.image="node-lab"');
  });

  test('gives the container a volume that docker commit does not write into the image', async () => {
    const failing = { ...start, exitCode: 125 };
    const runner = scriptedRunner(remove, failing, remove);
    await expect(preload(request, deps(runner))).rejects.toThrow('docker failed');
    expect(runner.calls[1]).toContain('--mount type=volume,destination=/mnt');
    expect(runner.calls[1]).not.toContain('--volume ');
  });

  test('fails, and commits nothing, when an image is not there after the import', async () => {
    const runner = scriptedRunner(
      ...[remove, start, script, { command: /^docker save/ }, list('docker.io/kubedrill/other:1\n'), remove],
    );
    await expect(preload(request, deps(runner))).rejects.toMatchObject({
      what: 'could not preload docker.io/library/traefik:v1',
      why: expect.stringContaining('docker.io/kubedrill/other:1') as string,
    });
    runner.verify();
  });
});
