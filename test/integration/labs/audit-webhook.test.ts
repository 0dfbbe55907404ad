import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { execaRunner, type Runner } from '../../../core/index.ts';
import { serveAuditWebhook } from '../../../detector/source/audit-webhook.ts';
import { makeAuditWebhook, type AuditWebhook } from '../../../labs/provider/audit-webhook.ts';

const gap = opensslGap();

function opensslGap(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return ' [skipped: needs openssl]';
  }
}

/** Runs the container's script here: the toolbox image is built from the same Debian packages. */
const withoutContainer: Runner = {
  ...execaRunner(),
  run: (_engine, args) => execaRunner().run('sh', ['-ec', args.at(-1) ?? '']),
};

/** What the API server's kubeconfig holds. */
interface Given {
  readonly url: URL;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

function givenTo({ kubeconfig }: AuditWebhook): Given {
  const { clusters, users } = kubeconfig as {
    readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
    readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
  };
  const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
  const [{ cluster } = { cluster: {} }] = clusters;
  const [{ user } = { user: {} }] = users;
  return {
    url: new URL(cluster['server'] ?? ''),
    authority: text(cluster['certificate-authority-data']),
    certificate: text(user['client-certificate-data']),
    key: text(user['client-key-data']),
  };
}

(gap === undefined ? describe : describe.skip)(`the certificates of a lab's audit webhook${gap ?? ''}`, () => {
  let ours: AuditWebhook;
  let others: AuditWebhook;

  beforeAll(async () => {
    const make = (): Promise<AuditWebhook> => makeAuditWebhook({ runner: withoutContainer, toolboxImage: 'toolbox' });
    [ours, others] = await Promise.all([make(), make()]);
  });

  test('let the API server in that has the kubeconfig, and no other lab’s', async () => {
    const stop = new AbortController();
    const { certificate, key, clientAuthority } = ours.server;
    const webhook = await serveAuditWebhook({
      ...{ host: '127.0.0.1', port: 0, path: '/audit', certificate, key, signal: stop.signal },
      clients: { kind: 'certificate', authority: clientAuthority },
      onEvents: () => undefined,
      onLost: () => undefined,
    });
    try {
      const asApiServer = (of: AuditWebhook) => post(webhook.port, { ...givenTo(of), authority: clientAuthority });
      expect([await asApiServer(ours), await asApiServer(others)]).toEqual([200, 401]);
      await expect(post(webhook.port, givenTo(others))).rejects.toThrow(/self-signed|unable to verify/);
      expect(webhook.stats()).toMatchObject({ accepted: 1, wrongClient: 1 });
    } finally {
      stop.abort();
      await webhook.finished;
    }
  });

  test('outlive the lab, and sign nothing themselves', () => {
    const client = new X509Certificate(givenTo(ours).certificate);
    const server = new X509Certificate(ours.server.certificate);
    expect([client.ca, server.ca]).toEqual([false, false]);
    for (const { validTo } of [client, server])
      expect(Date.parse(validTo) - Date.now()).toBeGreaterThan(9 * 365 * 86_400_000);
  });
});

/** Sends no events, and answers the status. */
function post(port: number, { url, authority, certificate, key }: Given): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ host: url.hostname, port, path: url.pathname, method: 'POST', agent: false },
      ...{ ca: authority, cert: certificate, key, headers: { 'content-type': 'application/json' } },
    };
    const sent = request(options, (response) => {
      response.resume().on('end', () => {
        resolve(response.statusCode);
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [] }));
  });
}
