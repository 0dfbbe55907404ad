import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode, KubedrillError, usageError } from '../../core/index.ts';
import { architectureFrom } from '../images/architecture.ts';
import { withBuildLock } from '../images/build/build-lock.ts';
import { goStage } from '../images/build/go-stage.ts';
import { buildStage } from '../images/build/stage.ts';
import { cachedTool } from './cached.ts';
import { isAtLeast, versionOf, type Tool, type ToolDeps } from './tool.ts';

export const DEFAULT_KIND = '0.33.0';
/** The load balancer of later versions is an image that only a registry has; this one takes one of our own. */
export const KIND_FOR_HA = '0.30.0';
const OLDEST_KIND = '0.30.0';
/** Versions that there is a recipe for. */
const RECIPES: readonly string[] = [DEFAULT_KIND, KIND_FOR_HA];

/**
 * A kind of version 0.30 or later on the PATH, or exactly `version` when that is given; else one that was built from its Go
 * module, once. Exit code 4 when there is neither kind nor Go.
 */
export async function obtainKind(request: ToolDeps & { readonly version?: string }): Promise<Tool> {
  const found = await versionOf('kind', ['--version'], request.runner);
  if (found !== undefined && isWanted(found, request.version)) return { path: 'kind', version: found };
  const version = request.version ?? DEFAULT_KIND;
  const path = cachedTool('kind', version, request.paths);
  if (!existsSync(path)) await withBuildLock(request, () => build(version, path, request));
  const built = await versionOf(path, ['--version'], request.runner);
  if (built === version) return { path, version };
  throw new KubedrillError({
    what: `the cached kind ${version} does not run`,
    why: built === undefined ? `${path} --version gives no version` : `${path} --version says ${built}`,
    hint: `rm -r ${dirname(path)}, then try again: it is built anew`,
  });
}

function isWanted(found: string, exact: string | undefined): boolean {
  return exact === undefined ? isAtLeast(found, OLDEST_KIND) : found === exact;
}

async function build(version: string, path: string, deps: ToolDeps): Promise<void> {
  if (!RECIPES.includes(version)) {
    throw usageError({
      what: `there is no recipe for kind ${version}`,
      why: `kind can be built in the versions ${RECIPES.join(', ')}`,
      hint: `put kind ${version} on the PATH, or use ${DEFAULT_KIND}`,
    });
  }
  if ((await versionOf('go', ['version'], deps.runner)) === undefined) throw neitherKindNorGo(version);
  const folder = await buildStage(stageFor(version), deps);
  await mkdir(dirname(path), { recursive: true });
  await copyFile(join(folder, 'kind'), `${path}.partial`);
  await rename(`${path}.partial`, path);
}

function stageFor(version: string): ReturnType<typeof goStage> {
  return goStage({
    ...{ name: 'kind', version, title: `kind ${version}`, arch: architectureFrom({}, process.arch) },
    programs: [{ file: 'kind', versionArgs: ['--version'], says: `kind version ${version}` }],
  });
}

function neitherKindNorGo(version: string): KubedrillError {
  return new KubedrillError({
    what: 'kind is needed, and could not be built',
    why: `no kind ${version === DEFAULT_KIND ? `${OLDEST_KIND} or later` : version} on the PATH, and no go to build it with`,
    hint: `install kind (https://kind.sigs.k8s.io), or Go: apt-get install golang-go`,
    exitCode: ExitCode.toolMissing,
  });
}
