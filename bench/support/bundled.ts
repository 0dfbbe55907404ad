import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { packageRoot } from '../../core/index.ts';

/**
 * Runs a program of this folder in a process of its own, bundled as ours are in images, so that neither its speed nor its
 * memory is that of a bench or of a loader of TypeScript. Gives what it prints.
 */
export function runBundled(name: string, args: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-bench-'));
  const outfile = join(folder, `${name}.mjs`);
  try {
    buildSync({
      entryPoints: [join(packageRoot(), 'bench', 'support', `${name}.ts`)],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      banner: {
        js: `import { createRequire } from 'node:module'; const require = createRequire('${packageRoot()}/');`,
      },
    });
    return execFileSync(process.execPath, [outfile, ...args], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
