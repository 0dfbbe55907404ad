import { chmod, cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KubedrillError } from '../../../core/index.ts';
import type { Architecture } from '../architecture.ts';
import { folderFingerprint } from './fingerprint.ts';
import { recipeFolder } from './recipe.ts';
import type { Stage, StageWork } from './stage.ts';
import { verifyBinary, type BinaryCheck } from './verify-binary.ts';

export interface GoProgram extends BinaryCheck {
  /** The name that `go build` gives it (last part of the package path), where it differs from `file`. */
  readonly builtAs?: string;
}

/** A copy of a module's source beside the recipe's go.mod, which points to it by a relative `replace`. */
export interface ModuleCopy {
  readonly module: string;
  readonly version: string;
  /** The module's hash as go.sum has it: what lies beside a go.mod is not checked by go any more. */
  readonly sum: string;
  /** Folder in the recipe; files of the recipe that lie there replace those of the copy. */
  readonly folder: string;
  /** Paths within the module that are left out. */
  readonly without: readonly string[];
}

export interface GoStageSpec {
  /** Name of the stage; its recipe (go.mod with `tool` lines, go.sum) is `recipe/<name>/v<version>/`. */
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly arch: Architecture;
  readonly programs: readonly GoProgram[];
  /** Values for the linker's -X, e.g. `main.version` to `v1`. */
  readonly stamps?: Readonly<Record<string, string>>;
  readonly copies?: readonly ModuleCopy[];
  /** Of the Go caches and the result, when nothing is there yet. Default 800 MB. */
  readonly diskBytes?: number;
}

/** What `go mod download -json` tells of a module. */
const Downloaded = z.object({ Dir: z.string(), Sum: z.string() });

/** Builds programs from Go modules, statically, into the stage's folder. Uses the user's own Go caches. */
export function goStage(spec: GoStageSpec): Stage {
  const recipe = recipeFolder(spec.name, `v${spec.version}`);
  const flags = linkerFlags(spec);
  return {
    name: `go-${spec.name}-${spec.arch}`,
    title: `Build ${spec.title}`,
    inputs: {
      recipe: folderFingerprint(recipe),
      flags,
      arch: spec.arch,
      programs: spec.programs.map(({ file }) => file).join(' '),
      copies: JSON.stringify(spec.copies ?? []),
    },
    needs: [],
    tools: ['go'],
    diskBytes: spec.diskBytes ?? 800e6,
    make: (work) => build(spec, recipe, flags, work),
  };
}

function linkerFlags(spec: GoStageSpec): string {
  const stamps = Object.entries(spec.stamps ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return ['-s', '-w', ...stamps].join(' ');
}

async function build(spec: GoStageSpec, recipe: string, flags: string, work: StageWork): Promise<void> {
  const source = join(work.folder, 'src');
  const bin = join(work.folder, 'bin');
  for (const copy of spec.copies ?? []) await copyModule(copy, join(source, copy.folder), work);
  await cp(recipe, source, { recursive: true });
  await compile(spec, { source, bin, flags }, work);
  for (const { builtAs, file } of spec.programs)
    if (builtAs !== undefined) await rename(join(bin, builtAs), join(bin, file));
  for (const program of spec.programs) {
    work.detail(`verify ${program.file}`);
    await verifyBinary(join(bin, program.file), program, spec.arch, work.runner);
  }
  for (const name of await readdir(bin)) await rename(join(bin, name), join(work.folder, name));
  await rm(bin, { recursive: true });
  await rm(source, { recursive: true });
}

async function compile(
  spec: GoStageSpec,
  { source, bin, flags }: { readonly source: string; readonly bin: string; readonly flags: string },
  work: StageWork,
): Promise<void> {
  let compiled = 0;
  await mkdir(bin);
  await work.runner.run(
    'go',
    ['build', '-v', '-trimpath', '-buildvcs=false', '-ldflags', flags, '-o', `${bin}/`, 'tool'],
    {
      cwd: source,
      env: { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: spec.arch, GOWORK: 'off', GO111MODULE: 'on' },
      onLine: (line, stream) => {
        if (stream !== 'stderr') return;
        if (!line.startsWith('go: ')) compiled += 1;
        work.detail(line.startsWith('go: ') ? line.slice(4) : `${String(compiled)} packages compiled, now ${line}`);
      },
    },
  );
}

async function copyModule(copy: ModuleCopy, target: string, work: StageWork): Promise<void> {
  const reference = `${copy.module}@v${copy.version}`;
  work.detail(`get ${reference}`);
  const { stdout } = await work.runner.run('go', ['mod', 'download', '-json', reference], { env: { GOWORK: 'off' } });
  const from = moduleFolder(reference, copy.sum, stdout);
  const left = new Set(copy.without);
  await cp(from, target, { recursive: true, filter: (path) => !left.has(path.slice(from.length + 1)) });
  await makeWritable(target);
}

function moduleFolder(reference: string, sum: string, answer: string): string {
  const found = Downloaded.parse(JSON.parse(answer));
  if (found.Sum === sum) return found.Dir;
  throw new KubedrillError({
    what: `the Go module ${reference} is not the one that was reviewed`,
    why: `its hash is ${found.Sum}, it should be ${sum}`,
    hint: 'go env GOPROXY shows where modules come from',
  });
}

/** The module cache is read-only, and so are copies of it. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    await (entry.isDirectory() ? makeWritable(path) : chmod(path, 0o644));
  }
}
