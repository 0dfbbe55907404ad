import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execaRunner } from '../../core/index.ts';

/** Makes an image of a few files in the engine, without a registry. */
export async function makeTinyImage(reference: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kd-tiny-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const entrypoint = ['--change', 'ENTRYPOINT ["/none"]'];
  await execaRunner().pipe(
    ['tar', '--create', '--directory', folder, '.'],
    ['docker', 'import', ...entrypoint, '-', reference],
  );
  rmSync(folder, { recursive: true });
}

/** Also fine when they are not there. */
export async function removeImages(...references: readonly string[]): Promise<void> {
  await execaRunner().run('docker', ['image', 'rm', '--force', ...references], { okExitCodes: [0, 1] });
}
