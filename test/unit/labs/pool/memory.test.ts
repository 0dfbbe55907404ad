import { KubedrillError } from '../../../../core/index.ts';
import { checkMemory, labsThatFit } from '../../../../labs/pool/memory.ts';
import { topologyOf } from '../../../../labs/provider/topology.ts';

const GIB = 1024 ** 3;
const std = topologyOf('std');

describe('the memory of a pool', () => {
  test('holds fewer labs the larger they are, and none where nothing is free', () => {
    expect(labsThatFit(8 * GIB, topologyOf('single'))).toBeGreaterThan(labsThatFit(8 * GIB, std));
    expect(labsThatFit(8 * GIB, std)).toBeGreaterThan(labsThatFit(8 * GIB, topologyOf('ha')));
    expect(labsThatFit(1 * GIB, topologyOf('single'))).toBe(0);
  });

  test('is enough for as many labs as fit, beside those that are there', () => {
    const more = labsThatFit(8 * GIB, std);
    expect(() => checkMemory(8 * GIB, std, { more, prepared: 2 })).not.toThrow();
  });

  test('is refused with the numbers, and with the largest pool that there is memory for', () => {
    expect(refusal(() => checkMemory(4.3 * GIB, std, { more: 3, prepared: 1 }))).toMatchObject({
      what: 'there is no memory for a pool of 4',
      why: '3 more take 4.1 GiB (1.4 GiB for each lab of 3 nodes); 4.3 GiB are free, of which 1.5 GiB stay free',
      hint: 'kubedrill pool 3',
    });
  });

  test('names what to end where not one lab fits', () => {
    const { hint } = refusal(() => checkMemory(2 * GIB, std, { more: 1, prepared: 0 }));
    expect(hint).toContain('take labs down');
  });
});

function refusal(work: () => void): KubedrillError {
  try {
    work();
  } catch (error) {
    if (error instanceof KubedrillError) return error;
  }
  throw new Error('it was not refused');
}
