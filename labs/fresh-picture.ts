import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from './session.ts';
import { takeSnapshot, type LabSnapshot } from './snapshot/index.ts';

/** Keeps the picture of a lab that nobody has touched yet, to go back to; it holds keys of the cluster. */
export async function saveFreshPicture(session: Session): Promise<void> {
  await writeFile(fileOf(session), JSON.stringify(await takeSnapshot(session)), { flush: true, mode: 0o600 });
}

/** That picture; undefined for a lab that was made before there were such, or whose picture cannot be read. */
export async function loadFreshPicture(session: Pick<Session, 'folder'>): Promise<LabSnapshot | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(session), 'utf8')) as LabSnapshot;
  } catch {
    return undefined;
  }
}

function fileOf({ folder }: Pick<Session, 'folder'>): string {
  return join(folder, 'fresh.json');
}
