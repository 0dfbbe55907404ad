import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { API_VERSION, KubedrillError, messageOf, type Paths } from '../../core/index.ts';
import { DEFAULT_KUBERNETES } from '../images/index.ts';
import type { UpPlan } from '../plan.ts';
import type { LabRecord } from '../session.ts';
import { poolPaths } from './folder.ts';

const Settings = z.object({
  apiVersion: z.string(),
  size: z.number().int().positive(),
  topology: z.enum(['single', 'std', 'ha']),
  addons: z.enum(['core', 'std', 'full']),
  cni: z.enum(['default', 'cilium']),
  audit: z.enum(['log', 'webhook', 'both']),
  kubernetesVersion: z.string(),
  egress: z.enum(['guarded', 'open']),
});

/** How many labs the pool keeps prepared, and of which kind. */
export type PoolSettings = Readonly<z.infer<typeof Settings>>;

/** The settings of a pool of labs as the plan asks for one. */
export function settingsFor(size: number, plan: UpPlan): PoolSettings {
  const { topology, addons, cni, audit, kubernetesVersion, egress } = plan;
  return {
    apiVersion: API_VERSION,
    size,
    topology: topology.name,
    addons,
    cni,
    audit,
    kubernetesVersion: kubernetesVersion ?? DEFAULT_KUBERNETES,
    egress,
  };
}

/** Whether a prepared lab is of the kind that is asked for. */
export function isOfKind(record: LabRecord, wanted: Omit<PoolSettings, 'size' | 'apiVersion'>): boolean {
  return (
    record.topology === wanted.topology &&
    record.addons === wanted.addons &&
    record.cni === wanted.cni &&
    record.audit === wanted.audit &&
    record.kubernetesVersion === wanted.kubernetesVersion &&
    record.egressGuard === (wanted.egress === 'guarded')
  );
}

/** The pool's settings, or undefined when there is no pool; fails when the file is damaged. */
export async function readSettings(paths: Paths): Promise<PoolSettings | undefined> {
  const text = await readFile(settingsFile(paths), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return Settings.parse(JSON.parse(text));
  } catch (error) {
    throw new KubedrillError({
      what: `${settingsFile(paths)} is damaged`,
      why: messageOf(error),
      hint: 'kubedrill down --pool, then kubedrill pool 1',
      cause: error,
    });
  }
}

/** Whole or not at all. */
export async function writeSettings(paths: Paths, settings: PoolSettings): Promise<void> {
  const file = settingsFile(paths);
  await mkdir(poolPaths(paths).state, { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(settings, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

export async function removeSettings(paths: Paths): Promise<void> {
  await rm(settingsFile(paths), { force: true });
}

function settingsFile(paths: Paths): string {
  return join(poolPaths(paths).state, 'pool.json');
}
