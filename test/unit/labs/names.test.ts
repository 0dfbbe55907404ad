import fc from 'fast-check';
import { bridgeName, checkedLabName, ipv6Subnet } from '../../../labs/names.ts';

describe('the name of a lab', () => {
  test.each(['lab', 'a', 'team-7', 'x'.repeat(32)])('can be %s', (name) => {
    expect(checkedLabName(name)).toBe(name);
  });

  test.each(['', 'Lab', '7up', '-lab', 'lab-', 'lab_1', 'lab/../x', '.locks', 'x'.repeat(33)])(
    'cannot be "%s": exit code 2',
    (name) => {
      let error: unknown;
      try {
        checkedLabName(name);
      } catch (caught) {
        error = caught;
      }
      expect(error).toMatchObject({ exitCode: 2, what: `"${name}" cannot name a lab` });
    },
  );

  test('gives a device name that the kernel takes, and a subnet of the local range', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/), fc.nat(5), (name, attempt) => {
        expect(bridgeName(name)).toMatch(/^[a-z0-9-]{1,15}$/);
        expect(ipv6Subnet(name, attempt)).toMatch(/^fd[0-9a-f]{2}(:[0-9a-f]{4}){3}::\/64$/);
        expect(ipv6Subnet(name, attempt)).not.toBe(ipv6Subnet(name, attempt + 1));
      }),
    );
  });
});
