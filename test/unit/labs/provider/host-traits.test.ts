import { canRaiseLimits, capabilityMask } from '../../../../labs/provider/host-traits.ts';

describe('what root may do here', () => {
  test.each([
    ['000001ffffffffff', true],
    ['000001fffeffffff', false],
    ['00000000a80425fb', false],
  ])('with the bounding set %s it may raise limits: %s', (mask, expected) => {
    const found = capabilityMask(`Name:\tinit\nCapEff:\t0000000000000000\nCapBnd:\t${mask}\n`);
    expect(found === undefined ? undefined : canRaiseLimits(found)).toBe(expected);
  });

  test('is unknown without /proc', () => {
    expect(capabilityMask('')).toBeUndefined();
  });
});
