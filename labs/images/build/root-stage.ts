import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../architecture.ts';
import { DEBIAN_SUITE, mirrorFrom, readAptFiles } from './debian-mirror.ts';
import { emulationFor } from './emulation.ts';
import { folderFingerprint } from './fingerprint.ts';
import { writeLayer } from './layer.ts';
import { readList } from './package-list.ts';
import { recipeFolder } from './recipe.ts';
import type { Stage, StageWork } from './stage.ts';
import { strip } from './strip.ts';

export interface RootStageSpec {
  /** `recipe/<name>/packages.txt` lists the packages, `strip.txt` what is removed. */
  readonly name: 'node' | 'tools' | 'load-balancer';
  readonly title: string;
  readonly arch: Architecture;
}

/** A Debian root file system, stripped and packed as the layer `root`. */
export function rootLayerStage(spec: RootStageSpec): Stage {
  return {
    name: `root-${spec.name}-${spec.arch}`,
    title: spec.title,
    inputs: { recipe: folderFingerprint(recipeFolder(spec.name, 'root')), arch: spec.arch, suite: DEBIAN_SUITE },
    needs: [],
    tools: ['debootstrap', 'tar', 'root', ...emulationFor(spec.arch)],
    diskBytes: 1.5e9,
    make: async (work) => {
      const root = join(work.folder, 'root');
      await debootstrap(spec.name, spec.arch, root, work);
      await strip(root, await readList(spec.name, 'root', 'strip.txt'));
      work.detail('pack');
      await writeLayer({ root, owners: 'kept' }, work.folder, 'root', work.runner);
      await rm(root, { recursive: true });
    },
  };
}

/** A Debian root file system to build in, as a folder `root` that stays; the recipe's prepare.sh has run in it. */
export function buildRootStage(name: 'sensor', title: string, arch: Architecture): Stage {
  return {
    name: `buildroot-${name}-${arch}`,
    title,
    inputs: { recipe: folderFingerprint(recipeFolder(name)), arch, suite: DEBIAN_SUITE },
    needs: [],
    tools: ['debootstrap', 'tar', 'root', ...emulationFor(arch)],
    diskBytes: 1.5e9,
    make: async (work) => {
      const root = join(work.folder, 'root');
      await debootstrap(name, arch, root, work);
      await cp(recipeFolder(name, 'prepare'), join(root, 'prepare'), { recursive: true });
      await inRoot(root, '/prepare/prepare.sh', [], work);
    },
  };
}

/** Runs a shell script that lies in a root file system, in it. */
export async function inRoot(root: string, script: string, args: readonly string[], work: StageWork): Promise<void> {
  await work.runner.run('chroot', [root, '/bin/sh', script, ...args], {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', TMPDIR: '/tmp' },
    onLine: (line) => work.detail(line),
  });
}

async function debootstrap(recipe: string, arch: Architecture, root: string, work: StageWork): Promise<void> {
  const mirror = mirrorFrom(await readAptFiles());
  const packages = await readList(recipe, 'root', 'packages.txt');
  const packageCache = join(work.paths.cache, 'debs');
  await mkdir(packageCache, { recursive: true });
  // In namespaces of its own: what it mounts below the root, and whatever it started, goes away with it when it is killed.
  await work.runner.run(
    'unshare',
    [
      ...[
        '--mount',
        '--pid',
        '--fork',
        '--kill-child',
        'debootstrap',
        '--variant=minbase',
        `--arch=${arch}`,
        `--cache-dir=${packageCache}`,
      ],
      ...[`--keyring=${mirror.keyring}`, `--include=${packages.join(',')}`, DEBIAN_SUITE, root],
      ...(mirror.uri === undefined ? [] : [mirror.uri]),
    ],
    { onLine: (line) => work.detail(line.replace(/^[IW]: /, '')) },
  );
}
