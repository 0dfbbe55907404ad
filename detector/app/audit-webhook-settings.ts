import { readFile } from 'node:fs/promises';
import type { AuditWebhookOptions } from '../source/audit-webhook.ts';
import type { ClientProof } from '../source/audit-webhook-clients.ts';
import { portIn, requireSet, type Environment } from './environment.ts';

/** Where the engine takes audit events from API servers; keys and tokens are read from files, as Secrets are mounted. */
export interface AuditWebhookSettings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly clients:
    | { readonly kind: 'token'; readonly tokenFile: string }
    | { readonly kind: 'certificate'; readonly authorityFile: string };
}

const NAMES = {
  port: 'KUBEDRILL_AUDIT_WEBHOOK_PORT',
  host: 'KUBEDRILL_AUDIT_WEBHOOK_HOST',
  certificate: 'KUBEDRILL_AUDIT_WEBHOOK_CERT',
  key: 'KUBEDRILL_AUDIT_WEBHOOK_KEY',
  token: 'KUBEDRILL_AUDIT_WEBHOOK_TOKEN_FILE',
  clientCa: 'KUBEDRILL_AUDIT_WEBHOOK_CLIENT_CA',
} as const;

const DEFAULT_HOST = '127.0.0.1';
const PATH = '/audit';

/** Undefined when no port is set: the webhook is off. Throws an error that names what is missing or wrong. */
export function auditWebhookFrom(env: Environment): AuditWebhookSettings | undefined {
  const value = (name: keyof typeof NAMES): string => env[NAMES[name]] ?? '';
  if (value('port') === '') return undefined;
  const port = portIn(env, NAMES.port);
  requireSet(env, [NAMES.certificate, NAMES.key]);
  if ((value('token') === '') === (value('clientCa') === ''))
    throw new Error(`set either ${NAMES.token} or ${NAMES.clientCa}: how API servers are known`);
  return {
    host: value('host') || DEFAULT_HOST,
    port,
    path: PATH,
    certificateFile: value('certificate'),
    keyFile: value('key'),
    clients:
      value('token') === ''
        ? { kind: 'certificate', authorityFile: value('clientCa') }
        : { kind: 'token', tokenFile: value('token') },
  };
}

/** The variables for a container whose engine takes events so. */
export function auditWebhookAsEnvironment(settings: AuditWebhookSettings): Readonly<Record<string, string>> {
  const { clients } = settings;
  return {
    [NAMES.host]: settings.host,
    [NAMES.port]: String(settings.port),
    [NAMES.certificate]: settings.certificateFile,
    [NAMES.key]: settings.keyFile,
    ...(clients.kind === 'token' ? { [NAMES.token]: clients.tokenFile } : { [NAMES.clientCa]: clients.authorityFile }),
  };
}

/** Reads the files that the settings name; fails when one is not there. */
export async function readWebhookSettings(
  settings: AuditWebhookSettings,
): Promise<Pick<AuditWebhookOptions, 'host' | 'port' | 'path' | 'certificate' | 'key' | 'clients'>> {
  const { host, port, path } = settings;
  const [certificate, key, clients] = await Promise.all([
    readFile(settings.certificateFile, 'utf8'),
    readFile(settings.keyFile, 'utf8'),
    readProof(settings.clients),
  ]);
  return { host, port, path, certificate, key, clients };
}

async function readProof(clients: AuditWebhookSettings['clients']): Promise<ClientProof> {
  return clients.kind === 'token'
    ? { kind: 'token', token: (await readFile(clients.tokenFile, 'utf8')).trim() }
    : { kind: 'certificate', authority: await readFile(clients.authorityFile, 'utf8') };
}
