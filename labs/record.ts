import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KubedrillError, messageOf } from '../core/index.ts';
import type { LabRecord } from './session.ts';

const RECORD_FILE = 'lab.json';

const Record = z.object({
  apiVersion: z.string(),
  name: z.string(),
  /** Absent in files of versions that had no pool. */
  cluster: z.string().optional(),
  createdAt: z.string(),
  topology: z.enum(['single', 'std', 'ha']),
  addons: z.enum(['core', 'std', 'full']),
  cni: z.enum(['default', 'cilium']),
  audit: z.enum(['log', 'webhook', 'both']).default('log'),
  kubernetesVersion: z.string(),
  kindVersion: z.string(),
  images: z.object({ node: z.string(), toolbox: z.string(), traefik: z.string().exactOptional() }),
  network: z.object({ name: z.string(), bridge: z.string() }),
  addresses: z.record(z.string(), z.string()),
  frontDoor: z.object({ httpPort: z.number(), httpsPort: z.number() }).exactOptional(),
  egressGuard: z.boolean(),
});

/** Writes lab.json, whole or not at all. */
export async function writeRecord(folder: string, record: LabRecord): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, RECORD_FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** The lab.json of the folder, or undefined when there is none; fails when it is damaged. */
export async function readRecord(folder: string): Promise<LabRecord | undefined> {
  const file = join(folder, RECORD_FILE);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const record = Record.parse(JSON.parse(text));
    return { ...record, cluster: record.cluster ?? record.name };
  } catch (error) {
    throw new KubedrillError({
      what: `${file} is damaged`,
      why: messageOf(error),
      hint: 'kubedrill down, then kubedrill up',
      cause: error,
    });
  }
}

/** Fine when there is none. */
export async function removeRecord(folder: string): Promise<void> {
  await rm(join(folder, RECORD_FILE), { force: true });
}

export function hasRecord(folder: string): Promise<boolean> {
  return access(join(folder, RECORD_FILE)).then(
    () => true,
    () => false,
  );
}
