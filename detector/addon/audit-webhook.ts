import type { KubeObject } from '../../core/index.ts';
import type { AuditWebhookSettings } from '../app/audit-webhook-settings.ts';
import { NAMESPACE } from './paths.ts';

/** By which ways audit events reach the engines. */
export interface AuditSources {
  readonly log: 'followed' | 'none';
  readonly webhook?: WebhookServer;
}

/** PEM texts: what the webhook shows, and who signs what API servers show. */
export interface WebhookServer {
  readonly certificate: string;
  readonly key: string;
  readonly clientAuthority: string;
}

export const WEBHOOK_SECRET = 'detector-audit-webhook';
export const WEBHOOK_FOLDER = '/etc/kubedrill/audit-webhook';
const PORT = 10_299;

/**
 * Where the API server of a node finds the engine of the same node: both are on the node's own network, so neither Services nor the
 * pod network are needed.
 */
export const AUDIT_WEBHOOK_URL = `https://127.0.0.1:${String(PORT)}/audit`;

export const WEBHOOK_SETTINGS: AuditWebhookSettings = {
  host: '127.0.0.1',
  port: PORT,
  path: '/audit',
  certificateFile: `${WEBHOOK_FOLDER}/tls.crt`,
  keyFile: `${WEBHOOK_FOLDER}/tls.key`,
  clients: { kind: 'certificate', authorityFile: `${WEBHOOK_FOLDER}/ca.crt` },
};

export function webhookSecret({ certificate, key, clientAuthority }: WebhookServer): KubeObject {
  const files = { 'tls.crt': certificate, 'tls.key': key, 'ca.crt': clientAuthority };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: WEBHOOK_SECRET, namespace: NAMESPACE },
    data: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString('base64')])),
  };
}
