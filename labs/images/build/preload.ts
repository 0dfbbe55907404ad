import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KubedrillError, type Paths, type Runner } from '../../../core/index.ts';
import { ENGINE } from '../../engine/facts.ts';
import { fingerprint } from './fingerprint.ts';
import { sendImages, type ImageSpec } from './image-archive.ts';
import { recipeFolder } from './recipe.ts';

export interface PreloadRequest {
  /** Image of a node to start from. */
  readonly base: string;
  /** Name and tag of the result. */
  readonly target: string;
  /** Images of ours: imported, pinned, and unpacked, so that a node starts their pods at once. */
  readonly images: readonly ImageSpec[];
  /** Images of others in the engine, by reference: imported and pinned; unpacked by the node when first used. */
  readonly foreign: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Puts images into the containerd of a node image: in a container made from it, committed as a new image. Needs a
 * privileged container, and no root on the host.
 */
export async function preload(
  request: PreloadRequest,
  deps: { readonly runner: Runner; readonly paths: Paths; readonly detail: (text: string) => void },
): Promise<void> {
  // One name a cache: who holds its build lock finds, and removes, what a killed build has left.
  const container = `kubedrill-preload-${fingerprint(deps.paths.cache)}`;
  const { runner, detail } = deps;
  await remove(container, runner);
  try {
    detail('start containerd in the image');
    await runner.run(ENGINE, runArgs(container, request.base));
    await script(container, 'start.sh', runner);
    detail(`import ${String(request.images.length + request.foreign.length)} images`);
    if (request.images.length > 0) await sendImages(request.images, importInto(container), deps);
    if (request.foreign.length > 0) {
      await runner.pipe([ENGINE, 'save', ...request.foreign], importInto(container, '--no-unpack'));
    }
    await verify(container, request, runner);
    await script(container, 'finish.sh', runner);
    detail('commit');
    await runner.run(ENGINE, ['commit', ...changes(request.labels), container, request.target]);
  } finally {
    await remove(container, runner);
  }
}

// Not --volume: docker commit would write that into the image, and every node would get one.
const UNPACK_VOLUME = ['--mount', 'type=volume,destination=/mnt'];

function runArgs(container: string, image: string): readonly string[] {
  return [
    ...['run', '--detach', '--name', container, '--privileged', '--network', 'none', '--entrypoint', '/bin/sleep'],
    ...['--tmpfs', '/run', '--tmpfs', '/tmp', ...UNPACK_VOLUME, image, 'infinity'],
  ];
}

function importInto(container: string, ...flags: readonly string[]): readonly [string, ...string[]] {
  return [
    ENGINE,
    'exec',
    '--interactive',
    container,
    'ctr',
    '--namespace',
    'k8s.io',
    'images',
    'import',
    ...flags,
    '-',
  ];
}

async function script(container: string, name: string, runner: Runner): Promise<void> {
  const input = await readFile(join(recipeFolder('preload'), name), 'utf8');
  await runner.run(ENGINE, ['exec', '--interactive', container, 'bash', '-s'], { input, timeoutMs: 300_000 });
}

async function verify(container: string, request: PreloadRequest, runner: Runner): Promise<void> {
  const { stdout } = await runner.run(ENGINE, [
    'exec',
    container,
    'ctr',
    '--namespace',
    'k8s.io',
    'images',
    'list',
    '-q',
  ]);
  const present = new Set(stdout.split('\n'));
  const wanted = [...request.images.map(({ reference }) => reference), ...request.foreign];
  const missing = wanted.filter((reference) => !present.has(reference));
  if (missing.length === 0) return;
  throw new KubedrillError({
    what: `could not preload ${missing.join(', ')}`,
    why: `after the import the node image has: ${[...present].join(' ').trim()}`,
    hint: 'kubedrill image build --verbose',
  });
}

/** What the container was started with is not what nodes are started with. */
function changes(labels: Readonly<Record<string, string>>): readonly string[] {
  const named = Object.entries(labels).map(([name, value]) => `LABEL ${name}=${JSON.stringify(value)}`);
  const lines = ['ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]', 'CMD []', ...named];
  return lines.flatMap((line) => ['--change', line]);
}

async function remove(container: string, runner: Runner): Promise<void> {
  await runner.run(ENGINE, ['rm', '--force', '--volumes', container], { okExitCodes: [0, 1] });
}
