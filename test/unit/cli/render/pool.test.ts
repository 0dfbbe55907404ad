import type { PoolStatus } from '../../../../labs/index.ts';
import { poolText, refillText } from '../../../../cli/render/pool.ts';
import { styleFor } from '../../../../cli/render/style.ts';

const STATUS: PoolStatus = {
  apiVersion: 'kubedrill/v1',
  settings: {
    ...{ apiVersion: 'kubedrill/v1', size: 2, topology: 'std', addons: 'std', cni: 'default', audit: 'log' },
    ...{ kubernetesVersion: '1.35.4', egress: 'guarded' },
  },
  labs: [
    { cluster: 'pool-1', state: 'taken', takenAs: 'lab' },
    { cluster: 'pool-2', state: 'prepared', preparedAt: '2026-01-01T00:00:00.000Z' },
  ],
  filling: { kind: 'failed', until: '2026-01-01T00:01:00.000Z', what: 'there is no memory', why: '1.2 GiB are free' },
  logFile: '/state/.pool/refill.log',
};
const style = styleFor(false, {});

describe('the pool as text', () => {
  test('says how many labs of which kind, what became of each, and why the last filling failed', () => {
    const text = poolText(STATUS, style);
    expect(text).toContain('a pool of 2: Kubernetes 1.35.4, std topology, std add-ons');
    expect(text).toMatch(/pool-1 +taken as the lab "lab"/);
    expect(text).toMatch(/pool-2 +prepared, paused +2026-01-01/);
    expect(text).toContain(
      'the last filling failed: there is no memory: 1.2 GiB are free (log: /state/.pool/refill.log)',
    );
  });

  test('says so when there is none', () => {
    expect(poolText({ ...STATUS, settings: null, labs: [] }, style)).toContain('there is no pool');
  });
});

describe('what up says of the refill', () => {
  test('is its process, or why there is none although one is missing', () => {
    expect(refillText({ kind: 'started', pid: 7, logFile: 'x' })).toContain('process 7');
    expect(refillText({ kind: 'not-needed', why: 'CI' })).toContain('KUBEDRILL_POOL=refill');
    expect(refillText({ kind: 'not-needed', why: 'no pool' })).toBe('');
  });
});
