import { auditWebhookAsEnvironment, auditWebhookFrom } from '../../../../detector/app/audit-webhook-settings.ts';

const env = {
  KUBEDRILL_AUDIT_WEBHOOK_PORT: '9443',
  KUBEDRILL_AUDIT_WEBHOOK_CERT: '/tls/tls.crt',
  KUBEDRILL_AUDIT_WEBHOOK_KEY: '/tls/tls.key',
};

describe('the settings of the audit webhook', () => {
  test('leave it off when no port is set', () => {
    expect(auditWebhookFrom({})).toBeUndefined();
  });

  test('listen on loopback, for clients with a token', () => {
    expect(auditWebhookFrom({ ...env, KUBEDRILL_AUDIT_WEBHOOK_TOKEN_FILE: '/tls/token' })).toEqual({
      host: '127.0.0.1',
      port: 9443,
      path: '/audit',
      certificateFile: '/tls/tls.crt',
      keyFile: '/tls/tls.key',
      clients: { kind: 'token', tokenFile: '/tls/token' },
    });
  });

  test('take clients with a certificate instead', () => {
    const settings = auditWebhookFrom({ ...env, KUBEDRILL_AUDIT_WEBHOOK_CLIENT_CA: '/tls/ca.crt' });
    expect(settings?.clients).toEqual({ kind: 'certificate', authorityFile: '/tls/ca.crt' });
  });

  test.each([
    { kind: 'certificate', authorityFile: '/tls/ca.crt' } as const,
    { kind: 'token', tokenFile: '/tls/token' } as const,
  ])('are read as they are written, for clients of $kind', (clients) => {
    const files = { certificateFile: '/tls/tls.crt', keyFile: '/tls/tls.key' };
    const settings = { host: '127.0.0.2', port: 9443, path: '/audit', ...files, clients };
    expect(auditWebhookFrom(auditWebhookAsEnvironment(settings))).toEqual(settings);
  });

  test.each([
    [
      'a port that is none',
      { KUBEDRILL_AUDIT_WEBHOOK_PORT: 'https' },
      'KUBEDRILL_AUDIT_WEBHOOK_PORT is no port: https',
    ],
    ['a key that is missing', { KUBEDRILL_AUDIT_WEBHOOK_KEY: '' }, 'not set: KUBEDRILL_AUDIT_WEBHOOK_KEY'],
    ['no proof of clients', {}, 'KUBEDRILL_AUDIT_WEBHOOK_TOKEN_FILE or KUBEDRILL_AUDIT_WEBHOOK_CLIENT_CA'],
    [
      'two proofs of clients',
      { KUBEDRILL_AUDIT_WEBHOOK_TOKEN_FILE: 'a', KUBEDRILL_AUDIT_WEBHOOK_CLIENT_CA: 'b' },
      'set either',
    ],
  ])('name %s', (_what, more, says) => {
    expect(() => auditWebhookFrom({ ...env, ...more })).toThrow(says);
  });
});
