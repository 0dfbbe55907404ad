import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode, KubedrillError } from '../../core/index.ts';
import { ENGINE } from '../engine/facts.ts';
import { architectureFrom } from '../images/architecture.ts';
import { nodePrograms } from '../images/build/programs.ts';
import { stageFolder } from '../images/build/stage.ts';
import { kubernetesRelease } from '../images/versions.ts';
import { cachedTool } from './cached.ts';
import { versionOf, type Tool, type ToolDeps } from './tool.ts';

export interface KubectlRequest extends ToolDeps {
  readonly kubernetesVersion?: string;
  /** A node image in the engine, from which kubectl can be copied. */
  readonly nodeImage?: string;
}

/**
 * kubectl for the host: the one on the PATH, else the one that was built for the node image, else the node image's own.
 * Exit code 4 when there is none of them.
 */
export async function obtainKubectl(request: KubectlRequest): Promise<Tool> {
  const onPath = await versionOf('kubectl', ['version', '--client'], request.runner);
  if (onPath !== undefined) return { path: 'kubectl', version: onPath };
  const { version } = kubernetesRelease(request.kubernetesVersion);
  const path = cachedTool('kubectl', version, request.paths);
  if (!existsSync(path)) await obtainCopy(version, path, request);
  return { path, version };
}

async function obtainCopy(version: string, path: string, request: KubectlRequest): Promise<void> {
  const stage = nodePrograms(kubernetesRelease(version), architectureFrom({}, process.arch)).kubernetes;
  const built = join(stageFolder(stage, request.paths), 'kubectl');
  await mkdir(dirname(path), { recursive: true });
  if (existsSync(built)) await copyFile(built, `${path}.partial`);
  else if (request.nodeImage !== undefined && process.platform === 'linux')
    await copyOut(request.nodeImage, `${path}.partial`, request);
  else throw noKubectl();
  await rename(`${path}.partial`, path);
}

async function copyOut(image: string, path: string, { runner }: ToolDeps): Promise<void> {
  const { stdout } = await runner.run(ENGINE, ['create', image]);
  const container = stdout.trim();
  try {
    await runner.run(ENGINE, ['cp', '--follow-link', `${container}:/usr/bin/kubectl`, path]);
  } finally {
    await runner.run(ENGINE, ['rm', '--volumes', container]);
  }
}

function noKubectl(): KubedrillError {
  return new KubedrillError({
    what: 'kubectl is needed, and there is none',
    why: 'it is not on the PATH, and no node image to copy it from is there yet',
    hint: 'install kubectl, or make the node image first: kubedrill image build',
    exitCode: ExitCode.toolMissing,
  });
}
