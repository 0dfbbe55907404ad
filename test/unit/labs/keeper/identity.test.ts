import { stringify } from 'yaml';
import { identityOf } from '../../../../labs/keeper/identity.ts';

function kubeconfig(user: object): string {
  return stringify({
    'current-context': 'mallory',
    contexts: [
      { name: 'admin', context: { cluster: 'lab', user: 'admin' } },
      { name: 'mallory', context: { cluster: 'lab', user: 'mallory' } },
    ],
    clusters: [
      { name: 'lab', cluster: { server: 'https://lab-control-plane:6443', 'certificate-authority-data': 'Y2E=' } },
    ],
    users: [
      { name: 'admin', user: { token: 'admin' } },
      { name: 'mallory', user },
    ],
  });
}

describe('the identity of a kubeconfig', () => {
  test('is a token of the current context', () => {
    const identity = identityOf(kubeconfig({ token: 'abc' }));
    expect(identity.headers).toEqual({ authorization: 'Bearer abc' });
    expect(identity.server.href).toBe('https://lab-control-plane:6443/');
    expect(identity.tls.ca?.toString()).toBe('ca');
  });

  test('is a certificate', () => {
    const { tls, headers } = identityOf(
      kubeconfig({ 'client-certificate-data': 'Y2VydA==', 'client-key-data': 'a2V5' }),
    );
    expect([tls.cert?.toString(), tls.key?.toString(), headers]).toEqual(['cert', 'key', {}]);
  });

  test.each(['', 'nonsense', 'clusters: []'])('is an error when there is none in "%s"', (text) => {
    expect(() => identityOf(text)).toThrow('the kubeconfig names no server');
  });
});
