import { checkSameLab, planOf } from '../../../labs/plan.ts';
import { labRecord } from '../../support/lab-record.ts';

const RECORD = labRecord();

describe('what is to be brought up', () => {
  test('is the standard lab when nothing is said', () => {
    expect(planOf({})).toMatchObject({
      name: 'lab',
      topology: { controlPlanes: 1, workers: 2 },
      addons: 'std',
      cni: 'default',
      egress: 'guarded',
    });
  });

  test.each([[{ name: 'Lab!' }], [{ cni: 'cilium' as const }]])('cannot be %o: exit code 2', (options) => {
    let error: unknown;
    try {
      planOf(options);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ exitCode: 2 });
  });
});

describe('a lab that is up', () => {
  test.each([
    [{}],
    [{ name: 'lab' }],
    [{ topology: 'std' as const, addons: 'std' as const, kubernetesVersion: '1.35.4' }],
  ])('is the one that %o asks for', (options) => {
    expect(() => checkSameLab(RECORD, options)).not.toThrow();
  });

  test.each([
    [{ topology: 'single' as const }, 'topology is std, not single'],
    [{ addons: 'core' as const }, 'addons is std, not core'],
    [{ kubernetesVersion: '1.36.3' }, 'Kubernetes is 1.35.4, not 1.36.3'],
  ])('is another one than %o asks for: exit code 2 and the difference', (options, difference) => {
    let error: unknown;
    try {
      checkSameLab(RECORD, options);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ exitCode: 2, why: difference });
  });
});
