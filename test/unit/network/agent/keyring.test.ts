import { keyring } from '../../../../network/agent/keyring.ts';
import { isSignedWith, type IdentityAnswer } from '../../../../network/agent/protocol.ts';

const ANSWER: IdentityAnswer = {
  identity: 'lab-worker/pod-a',
  nonce: 'n1',
  observed: '10.244.1.3',
  own: ['10.244.1.2'],
};

describe('the keys of a prober', () => {
  test('sign an answer so that the holder of the key can tell', () => {
    const keys = keyring();
    keys.add({ id: 'k1', secret: 's1' });
    const signed = keys.sign(ANSWER, 'k1');
    expect(isSignedWith('s1', signed)).toBe(true);
    expect(isSignedWith('s2', signed)).toBe(false);
  });

  test.each([
    ['the identity', { identity: 'lab-worker/pod-b' }],
    ['the nonce', { nonce: 'n2' }],
    ['the observed address', { observed: '10.244.1.4' }],
  ])('cover %s', (_, change) => {
    const keys = keyring();
    keys.add({ id: 'k1', secret: 's1' });
    expect(isSignedWith('s1', { ...keys.sign(ANSWER, 'k1'), ...change })).toBe(false);
  });

  test('leave an answer unsigned for a key that they do not have', () => {
    expect(keyring().sign(ANSWER, 'k1')).toEqual(ANSWER);
    expect(isSignedWith('s1', ANSWER)).toBe(false);
  });

  test('are of bounded number, and those in use stay', () => {
    const keys = keyring();
    keys.add({ id: 'meter', secret: 's' });
    for (let run = 0; run < 100; run++) {
      keys.add({ id: `matrix-${String(run)}`, secret: 's' });
      keys.sign(ANSWER, 'meter');
    }
    expect(keys.secretOf('meter')).toBe('s');
    expect(keys.secretOf('matrix-99')).toBe('s');
    expect(keys.secretOf('matrix-0')).toBeUndefined();
  });
});
