import { isOfKind, settingsFor } from '../../../../labs/pool/settings.ts';
import { madeFrom } from '../../../../labs/pool/made-from.ts';
import { planOf } from '../../../../labs/plan.ts';
import { labRecord } from '../../../support/lab-record.ts';

const RECORD = labRecord({ name: 'pool-1' });
const HOST = { cgroupVersion: 2 as const, canRaiseLimits: true };

describe('what a prepared lab was made from', () => {
  const before = madeFrom(RECORD, RECORD.images, HOST);

  test('is the same for the same program, and for the lab whoever takes it', () => {
    expect(madeFrom({ ...RECORD, name: 'mine' }, { ...RECORD.images }, HOST)).toBe(before);
  });

  test.each([
    ['node image', { ...RECORD.images, node: 'newer' }],
    ['toolbox', { ...RECORD.images, toolbox: 'newer' }],
  ])('is something else with another %s', (_what, images) => {
    expect(madeFrom(RECORD, images, HOST)).not.toBe(before);
  });

  test('is something else with other add-ons', () => {
    expect(madeFrom({ ...RECORD, addons: 'core' }, RECORD.images, HOST)).not.toBe(before);
  });
});

describe('a prepared lab', () => {
  const settings = settingsFor(1, planOf({}));

  test('is of the kind of a pool that was made with the defaults', () => {
    expect(isOfKind(RECORD, settings)).toBe(true);
  });

  test.each([
    [{ topology: 'single' as const }],
    [{ addons: 'core' as const }],
    [{ kubernetesVersion: '1.34.0' }],
    [{ egressGuard: false }],
  ])('with %o is of another kind', (different) => {
    expect(isOfKind({ ...RECORD, ...different }, settings)).toBe(false);
  });
});
