import { obstacle, type BuildMachine } from '../../../../../labs/images/build/requirements.ts';
import type { BuildTool, Stage } from '../../../../../labs/images/build/stage.ts';

const able: BuildMachine = { platform: 'linux', missing: [], freeBytes: 100e9 };
const stage = (tools: readonly BuildTool[], diskBytes = 1e9): Stage => ({
  ...{ name: 'x', title: 'X', inputs: {}, needs: [], tools, diskBytes },
  make: async () => undefined,
});
const open = [stage(['go']), stage(['debootstrap', 'tar', 'root'])];

describe('what stands in the way of a build', () => {
  test('is nothing on a machine that has all', () => {
    expect(obstacle(open, able)).toBeUndefined();
  });

  test('names everything that is missing at once, and the command that installs it', () => {
    expect(obstacle(open, { ...able, missing: ['go', 'debootstrap', 'root'] })).toBe(
      'go is not installed, debootstrap is not installed, it needs root ' +
        '(apt-get install golang-go debootstrap debian-archive-keyring, then run kubedrill image build as root)',
    );
  });

  test.each<[readonly BuildTool[], string]>([
    [['root'], 'it needs root (run kubedrill image build as root)'],
    [['arm64-emulation'], 'this machine runs no arm64 programs (apt-get install qemu-user-static binfmt-support)'],
  ])('for %j says how to put it right', (missing, expected) => {
    expect(obstacle(open, { ...able, missing })).toBe(expected);
  });

  test('is any system but Linux', () => {
    expect(obstacle(open, { ...able, platform: 'darwin' })).toBe('it needs Linux, this is darwin');
  });

  test('is a disk without room for what is still to be made, with both numbers', () => {
    const stages = [stage([], 5e9), stage([], 2e9)];
    expect(obstacle(stages, { ...able, freeBytes: 11.1e9 })).toBeUndefined();
    expect(obstacle(stages, { ...able, freeBytes: 10e9 })).toBe(
      'it needs about 11.0 GB of disk space, 10.0 GB are free',
    );
  });
});
