import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAccounts, type AccountNames } from '../enrich/accounts.ts';
import type { ApiAccess } from '../enrich/pod-watch.ts';
import type { Settings } from './settings.ts';

/** No accounts are better than no detector: their names are then missing. */
export async function readAccounts(file: string): Promise<AccountNames> {
  return parseAccounts(await readFile(file, 'utf8').catch(() => ''));
}

/** The one name that rules ask for: the API server's, which every cluster has by this name. */
export function hostNames({ apiService }: Settings): ReadonlyMap<string, string> {
  return new Map(apiService === undefined ? [] : [[apiService, 'kubernetes.default.svc.cluster.local']]);
}

/** Rejects when there is no service account, without which no pod would ever be known. */
export async function apiAccess({ apiServer, serviceAccountFolder }: Settings): Promise<ApiAccess> {
  return {
    ...apiServer,
    ca: await readFile(join(serviceAccountFolder, 'ca.crt'), 'utf8'),
    token: async () => (await readFile(join(serviceAccountFolder, 'token'), 'utf8')).trim(),
  };
}
