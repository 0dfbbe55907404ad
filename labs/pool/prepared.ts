import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { API_VERSION, type Paths } from '../../core/index.ts';
import { labRecords } from '../find.ts';
import { readRecord } from '../record.ts';
import type { LabRecord } from '../session.ts';
import { labFolder } from '../names.ts';
import { pooledClusters, poolPaths } from './folder.ts';

/** A lab that is whole, was measured, and waits, paused, to be taken. */
export interface PreparedLab {
  readonly record: LabRecord;
  readonly preparedAt: string;
  /** Fingerprint of what it was made from (made-from.ts). */
  readonly madeFrom: string;
}

/** A cluster of the pool's, by its files. */
export type PooledCluster =
  | { readonly kind: 'prepared'; readonly cluster: string; readonly lab: PreparedLab }
  /** A lab of the user's by now. */
  | { readonly kind: 'taken'; readonly cluster: string; readonly by: string }
  /** Being made, or what is left of one that was not made to the end. */
  | { readonly kind: 'unfinished'; readonly cluster: string };

const Note = z.object({ apiVersion: z.string(), preparedAt: z.string(), madeFrom: z.string() });

/** All clusters of the pool's, in the order of their numbers. */
export async function pooled(paths: Paths): Promise<readonly PooledCluster[]> {
  const [clusters, labs] = await Promise.all([pooledClusters(paths), labRecords({ paths })]);
  return Promise.all(
    clusters.map(async (cluster): Promise<PooledCluster> => {
      const owner = labs.find((lab) => lab.cluster === cluster);
      if (owner !== undefined) return { kind: 'taken', cluster, by: owner.name };
      const lab = await readPrepared(poolPaths(paths), cluster);
      return lab === undefined ? { kind: 'unfinished', cluster } : { kind: 'prepared', cluster, lab };
    }),
  );
}

/** Marks a cluster as prepared: the last step of making one. `paths` are the pool's own, here and below. */
export async function notePrepared(
  paths: Paths,
  cluster: string,
  { preparedAt, madeFrom }: Omit<PreparedLab, 'record'>,
): Promise<void> {
  const note: z.infer<typeof Note> = { apiVersion: API_VERSION, preparedAt, madeFrom };
  await writeFile(noteFile(paths, cluster), `${JSON.stringify(note, undefined, 2)}\n`);
}

/** The first step of taking or waking one. */
export async function removeNote(paths: Paths, cluster: string): Promise<void> {
  await rm(noteFile(paths, cluster), { force: true });
}

/** The prepared lab, or undefined when it is not one (any more). */
export async function readPrepared(paths: Paths, cluster: string): Promise<PreparedLab | undefined> {
  const record = await readRecord(labFolder(paths, cluster)).catch(() => undefined);
  const text = await readFile(noteFile(paths, cluster), 'utf8').catch(() => '{}');
  try {
    const { preparedAt, madeFrom } = Note.parse(JSON.parse(text));
    return record === undefined ? undefined : { record, preparedAt, madeFrom };
  } catch {
    return undefined;
  }
}

function noteFile(paths: Paths, cluster: string): string {
  return join(labFolder(paths, cluster), 'prepared.json');
}
