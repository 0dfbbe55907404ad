import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_VERSION, done, messageOf, notYet, waitFor, type KubeClient } from '../core/index.ts';
import { ruleDifferences } from '../network/index.ts';
import type { Session } from './session.ts';
import { takeSnapshot, type LabSnapshot } from './snapshot/index.ts';

/** What a lab was when it had come up, or why nobody knows. */
export type FreshPicture =
  | { readonly kind: 'taken'; readonly snapshot: LabSnapshot; readonly clusterId: string }
  | { readonly kind: 'none'; readonly why: string };

/** Raised whenever pictures say the same thing in other words: one in the old words would differ from every new one. */
const FORMAT = 1;
const RULES_TIMEOUT_MS = 30_000;

/**
 * Keeps the picture of a lab that nobody has touched yet, to go back to; it holds keys of the cluster. Waits for the rules of the last pods to be
 * written, which the API server knows nothing of. Where they do not come, there is no picture, and a warning.
 */
export async function saveFreshPicture(session: Session, detail: (text: string) => void): Promise<void> {
  try {
    await waitForRules(session, detail);
  } catch (error) {
    session.reporter.warn(`no picture of the fresh lab, so kubedrill reset will not work: ${messageOf(error)}`);
    return;
  }
  const [snapshot, clusterId] = await Promise.all([takeSnapshot(session), clusterIdOf(session.kube)]);
  const text = JSON.stringify({ apiVersion: API_VERSION, format: FORMAT, clusterId, snapshot });
  await writeFile(fileOf(session), text, { flush: true, mode: 0o600 });
}

export async function loadFreshPicture(session: Pick<Session, 'folder'>): Promise<FreshPicture> {
  try {
    const { format, ...picture } = JSON.parse(await readFile(fileOf(session), 'utf8')) as Record<string, unknown>;
    if (format === FORMAT) return { kind: 'taken', ...(picture as { snapshot: LabSnapshot; clusterId: string }) };
    return none('the picture of it from when it came up is one of another version of kubedrill');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      return none(`its picture cannot be read: ${messageOf(error)}`);
    return none('no picture of it was taken when it came up; older versions of kubedrill took none');
  }
}

/** Tells one cluster from another, also from one that was begun anew on the same machines. */
export async function clusterIdOf(kube: KubeClient): Promise<string> {
  const namespace = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
  return namespace?.metadata.uid ?? '';
}

function none(why: string): FreshPicture {
  return { kind: 'none', why };
}

/** A node whose rules cannot be judged, as with kube-proxy in another mode, is not waited for. */
async function waitForRules(session: Session, detail: (text: string) => void): Promise<void> {
  await waitFor(
    async () => {
      const missing = (await ruleDifferences(session)).flatMap(({ node, differences }) =>
        differences.map(({ says }) => `${node}: ${says}`),
      );
      return missing.length === 0
        ? done(undefined)
        : notYet(`${String(missing.length)} rules, e.g. ${missing[0] ?? ''}`);
    },
    {
      what: 'kube-proxy to write the rules of the last pods',
      timeoutMs: RULES_TIMEOUT_MS,
      intervalMs: 400,
      clock: session.clock,
      onObserve: detail,
      ...(session.signal === undefined ? {} : { signal: session.signal }),
    },
  );
}

function fileOf({ folder }: Pick<Session, 'folder'>): string {
  return join(folder, 'fresh.json');
}
