import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import type { OutputOf } from '../../config/outputs-schema.ts';
import { renderAlert } from '../render.ts';
import type { Sink } from '../sink.ts';

/**
 * Lines to a file, rotated by size: `alerts.log` becomes `alerts.log.1`, and so on up to `keep` of them. Asked to
 * reopen (by signal), it does the same, unless the file has been moved away already: then it only begins a new one.
 */
export function fileSink(config: OutputOf<'file'>): Sink {
  let file: OpenFile | undefined;
  let mustReopen = false;
  const reopen = async (): Promise<void> => {
    mustReopen = false;
    if (file === undefined) return;
    const isInPlace = await hasInode(config.path, file.inode);
    await file.handle.close();
    file = undefined;
    if (isInPlace) await rotate(config);
  };
  return {
    deliver: async (alert) => {
      const line = Buffer.from(`${renderAlert(alert, config.format)}\n`);
      const isFull = file !== undefined && file.size > 0 && file.size + line.length > config.max_bytes;
      if (mustReopen || isFull) await reopen();
      file ??= await openFile(config.path);
      await file.handle.appendFile(line);
      file.size += line.length;
    },
    reopen: () => {
      mustReopen = true;
    },
    close: async () => {
      await file?.handle.close();
    },
  };
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: number;
  size: number;
}

async function openFile(path: string): Promise<OpenFile> {
  // Alerts may hold what nobody else should read: command lines, users, addresses.
  const handle = await open(path, 'a', 0o640);
  const { ino, size } = await handle.stat();
  return { handle, inode: ino, size };
}

async function hasInode(path: string, inode: number): Promise<boolean> {
  return stat(path).then(
    ({ ino }) => ino === inode,
    () => false,
  );
}

/** From the oldest on, so that nothing is overwritten but what is to go. */
async function rotate({ path, keep }: OutputOf<'file'>): Promise<void> {
  if (keep === 0) return rm(path, { force: true });
  for (let n = keep - 1; n >= 1; n--) {
    await rename(`${path}.${String(n)}`, `${path}.${String(n + 1)}`).catch(ignoreMissing);
  }
  await rename(path, `${path}.1`);
}

function ignoreMissing(error: unknown): void {
  if ((error as { readonly code?: string }).code !== 'ENOENT') throw error;
}
