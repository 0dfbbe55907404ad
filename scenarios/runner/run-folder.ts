import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/index.ts';
import type { LabSnapshot, Session } from '../../labs/index.ts';

/** `$folder/runs`: one folder per run, and `current`, which names the open one. */
export function runsFolder(session: Pick<Session, 'folder'>): string {
  return join(session.folder, 'runs');
}

/** A name for a new run that sorts by time, e.g. `20260314-150926-535-s01`. */
export function newRunId(clock: Clock, scenario: string): string {
  const [day = '', time = ''] = clock.now().toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.replace('Z', '').replaceAll(/[:.]/g, (mark) => (mark === '.' ? '-' : ''))}-${scenario.toLowerCase()}`;
}

/** Folder of the run that `current` names; undefined when it names none, or one that is gone. */
export async function currentRunFolder(session: Pick<Session, 'folder'>): Promise<string | undefined> {
  const name = await readIfThere(join(runsFolder(session), 'current'));
  if (name === undefined || name.trim() === '') return undefined;
  const folder = join(runsFolder(session), name.trim());
  return (await isFolder(folder)) ? folder : undefined;
}

export async function setCurrentRun(session: Pick<Session, 'folder'>, run: string): Promise<void> {
  await mkdir(runsFolder(session), { recursive: true });
  await writeFile(join(runsFolder(session), 'current'), `${run}\n`, { flush: true });
}

export async function clearCurrentRun(session: Pick<Session, 'folder'>): Promise<void> {
  await rm(join(runsFolder(session), 'current'), { force: true });
}

/** Keeps the picture from before the run, on disk before anything is touched; it holds keys of the cluster. */
export async function savePicture(folder: string, picture: LabSnapshot): Promise<void> {
  await writeFile(join(folder, 'before.json'), JSON.stringify(picture), { flush: true, mode: 0o600 });
}

/** The picture from before the run; undefined when the run ended before one was taken. */
export async function loadPicture(folder: string): Promise<LabSnapshot | undefined> {
  const text = await readIfThere(join(folder, 'before.json'));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as LabSnapshot;
  } catch {
    // Cut off while it was written, so nothing had been touched yet.
    return undefined;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
