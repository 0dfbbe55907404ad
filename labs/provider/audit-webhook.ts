import type { Runner } from '../../core/index.ts';
import { AUDIT_WEBHOOK_URL, type WebhookServer } from '../../detector/index.ts';
import { ENGINE } from '../engine/facts.ts';
import { CONTROL_PLANE_CONFIG_FOLDER } from './audit-policy.ts';

/** On a control-plane node: the kubeconfig by which the API server finds the webhook, and is known there. */
export const AUDIT_WEBHOOK_FILE = `${CONTROL_PLANE_CONFIG_FOLDER}/audit-webhook.conf`;

/** Both ends of the webhook: what its server shows and asks for, and the API server's kubeconfig. */
export interface AuditWebhook {
  readonly server: WebhookServer;
  readonly kubeconfig: object;
}

export interface WebhookRequest {
  readonly runner: Runner;
  readonly toolboxImage: string;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 60_000;

/**
 * Makes the certificates of a lab's webhook, by openssl in a container without network; Debian's ca-certificates bring it along. Their authority signs these two and no others: its
 * key stays in the container, and goes with it. They last as long as a cluster's own authority, ten years.
 */
export async function makeAuditWebhook({ runner, toolboxImage, signal }: WebhookRequest): Promise<AuditWebhook> {
  const confinement = ['--network', 'none', '--cap-drop', 'ALL', '--user', '65532', '--tmpfs', '/tmp:mode=1777'];
  const { stdout } = await runner.run(
    ENGINE,
    ['run', '--rm', '--pull', 'never', ...confinement, '--entrypoint', 'sh', toolboxImage, '-ec', SCRIPT],
    { timeoutMs: TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) },
  );
  return webhookOf(stdout);
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650';
const SCRIPT = [
  'cd "$(mktemp -d)"',
  `openssl req -x509 ${NEW_KEY} -subj /CN=kubedrill-audit -keyout ca.key -out ca.crt`,
  ...[
    ['server', 'serverAuth'],
    ['client', 'clientAuth'],
  ].map(
    ([name, usage]) =>
      `openssl req -x509 ${NEW_KEY} -CA ca.crt -CAkey ca.key -subj /CN=audit-${String(name)} -addext basicConstraints=critical,CA:FALSE ` +
      `-addext subjectAltName=IP:127.0.0.1 -addext extendedKeyUsage=${String(usage)} -keyout ${String(name)}.key -out ${String(name)}.crt`,
  ),
  'cat ca.crt server.crt server.key client.crt client.key',
].join('\n');

/** From the texts in the order in which the script prints them. */
function webhookOf(printed: string): AuditWebhook {
  const texts = printed.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----\n/g) ?? [];
  const [authority, certificate, key, clientCertificate, clientKey] = texts;
  if (clientKey === undefined || !authority || !certificate || !key || !clientCertificate)
    throw new Error(`openssl printed ${String(texts.length)} of the webhook's 5 certificates and keys`);
  const user = { 'client-certificate-data': base64(clientCertificate), 'client-key-data': base64(clientKey) };
  const cluster = { server: AUDIT_WEBHOOK_URL, 'certificate-authority-data': base64(authority) };
  return {
    server: { certificate, key, clientAuthority: authority },
    kubeconfig: {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'detector', cluster }],
      users: [{ name: 'api-server', user }],
      contexts: [{ name: 'audit', context: { cluster: 'detector', user: 'api-server' } }],
      'current-context': 'audit',
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
