import { chmod, cp, link, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Architecture } from '../architecture.ts';
import { COMPONENTS, type KubernetesRelease } from '../versions.ts';
import { filesBelow, folderFingerprint } from './fingerprint.ts';
import { writeLayer } from './layer.ts';
import { readList } from './package-list.ts';
import type { NodePrograms } from './programs.ts';
import { recipeFolder } from './recipe.ts';
import type { Stage } from './stage.ts';

/** The layer `files` of a node: Kubernetes' programs, the recipe's units and configuration, what kind looks for. */
export function nodeFilesStage(release: KubernetesRelease, arch: Architecture, programs: NodePrograms): Stage {
  const { kubernetes, crictl, etcd } = programs;
  const values = {
    '@PAUSE_VERSION@': release.pauseVersion,
    '@FLANNEL_VERSION@': COMPONENTS.flannel,
    '@LOCAL_PATH_VERSION@': COMPONENTS.localPathProvisioner,
  };
  const placed = [
    ...['kubeadm', 'kubelet', 'kubectl'].map((file) => ({ from: kubernetes, file, folder: 'usr/bin' })),
    { from: crictl, file: 'crictl', folder: 'usr/local/bin' },
    ...['etcdctl', 'etcdutl'].map((file) => ({ from: etcd, file, folder: 'usr/local/bin' })),
  ];
  return {
    name: `node-files-${arch}`,
    title: 'Pack the files of a node',
    inputs: { recipe: folderFingerprint(recipeFolder('node')), version: release.version, ...values },
    needs: [kubernetes, crictl, etcd],
    tools: ['tar'],
    diskBytes: 600e6,
    make: async (work) => {
      const root = join(work.folder, 'root');
      await cp(recipeFolder('node', 'files'), root, { recursive: true });
      await fillIn(root, values);
      for (const { from, file, folder } of placed) {
        await mkdir(join(root, folder), { recursive: true });
        await link(join(work.resultOf(from), file), join(root, folder, file));
      }
      await writeNodeFacts(root, release);
      await chooseUnits(root);
      await writeLayer({ root, owners: 'root' }, work.folder, 'files', work.runner);
      await rm(root, { recursive: true });
    },
  };
}

async function fillIn(root: string, values: Readonly<Record<string, string>>): Promise<void> {
  for (const file of filesBelow(root)) {
    const path = join(root, file);
    const text = await readFile(path, 'utf8');
    const filled = Object.entries(values).reduce((sofar, [name, value]) => sofar.replaceAll(name, value), text);
    // Executable or not is what the checkout says; the rest of the mode is not the umask's business.
    await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
    if (filled !== text) await writeFile(path, filled);
  }
}

async function writeNodeFacts(root: string, release: KubernetesRelease): Promise<void> {
  await writeFile(join(root, 'kind', 'version'), `v${release.version}\n`);
  // Empty: every node makes an id of its own at its first start.
  await writeFile(join(root, 'etc', 'machine-id'), '');
  await linkTo(join(root, 'opt', 'cni', 'bin'), '/usr/lib/cni');
}

async function chooseUnits(root: string): Promise<void> {
  const units = join(root, 'etc', 'systemd', 'system');
  for (const unit of await readList('node', 'masked-units.txt')) await linkTo(join(units, unit), '/dev/null');
  for (const unit of ['containerd.service', 'kubelet.service']) {
    await linkTo(join(units, 'multi-user.target.wants', unit), `/etc/systemd/system/${unit}`);
  }
  await linkTo(join(units, 'default.target'), '/usr/lib/systemd/system/multi-user.target');
}

async function linkTo(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}
