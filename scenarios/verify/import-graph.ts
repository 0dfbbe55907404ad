import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { packageRoot } from '../../core/index.ts';

/** Below it is the code that runs: the package's root, or its dist/. */
const CODE_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** `.ts`, or `.js` of code that was compiled. */
const EXTENSION = extname(fileURLToPath(import.meta.url));

/** Imports the modules of every challenge, but none needs another: not followed. */
const CATALOGUE = 'scenarios/registry.ts';

/** The rooms below count as wholes, so that their modules need not be read. */
const OTHER_ROOMS: Plugin = {
  name: 'other rooms',
  setup: (own) => {
    own.onResolve({ filter: /^(\.\.\/)+(core|network|detector|labs)\// }, ({ path }) => ({ path, external: true }));
  },
};

/** For modules of the package, all those of their room that they come to import; names are sources, as paths below the package's root. */
export type ImportGraph = (modules: readonly string[]) => ReadonlySet<string>;

/** Reads the imports of these modules and of all that follow from them. esbuild parses; imports of types only do not count. */
export async function readImports(modules: readonly string[]): Promise<ImportGraph> {
  const { metafile } = await build({
    absWorkingDir: CODE_ROOT,
    entryPoints: modules.map((name) => relative(CODE_ROOT, codeOf(name))),
    outdir: 'nowhere',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [OTHER_ROOMS],
    logLevel: 'silent',
  });
  const imports = new Map(
    Object.entries(metafile.inputs).map(([name, input]) => [
      sourceOf(name),
      input.imports.filter(({ external }) => external !== true).map(({ path }) => sourceOf(path)),
    ]),
  );
  return (from) => reachable(from, imports);
}

/** The file that runs for a source of the package. */
export function codeOf(source: string): string {
  return join(CODE_ROOT, source.replace(/\.ts$/, EXTENSION));
}

/** Where the package's content is that is not code. */
export function contentOf(name: string): string {
  return join(packageRoot(), name);
}

function sourceOf(name: string): string {
  return name.replace(/\.js$/, '.ts');
}

function reachable(from: readonly string[], imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    if (name !== CATALOGUE) open.push(...(imports.get(name) ?? []));
  }
  return found;
}
