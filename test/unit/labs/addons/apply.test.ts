import { KubeError, type KubeClient, type KubeObject } from '../../../../core/index.ts';
import { applyAll, applyGroups } from '../../../../labs/addons/apply.ts';
import { fakeClock } from '../../../support/clock.ts';

function object(kind: string, name = 'x'): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name } };
}

/** A KubeClient that knows only `apply`. */
function applying(apply: (object: KubeObject) => Promise<KubeObject>): KubeClient {
  const unexpected = (): never => {
    throw new Error('unexpected call');
  };
  return {
    apply,
    get: unexpected,
    list: unexpected,
    create: unexpected,
    replace: unexpected,
    patch: unexpected,
    delete: unexpected,
    resourceTypes: unexpected,
    podLog: unexpected,
    raw: unexpected,
  };
}

describe('applying add-ons', () => {
  test('goes namespaces first, then what others refer to, then the rest', () => {
    const groups = applyGroups(
      ['Deployment', 'ConfigMap', 'Namespace', 'Service', 'ClusterRole'].map((kind) => object(kind)),
    );
    expect(groups.map((group) => group.map(({ kind }) => kind))).toEqual([
      ['Namespace'],
      ['ConfigMap', 'ClusterRole'],
      ['Deployment', 'Service'],
    ]);
  });

  test('tries again what a young API server refuses', async () => {
    const refusals = [
      new KubeError({ what: 'apply', why: 'forbidden', status: 403 }),
      new KubeError({ what: 'apply', why: 'refused', status: undefined }),
    ];
    const applied: string[] = [];
    const kube = applying(async (one) => {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      applied.push(one.kind);
      return one;
    });
    await applyAll(kube, [object('Namespace')], { clock: fakeClock() });
    expect(applied).toEqual(['Namespace']);
  });

  test('does not try again what is invalid, and says why', async () => {
    let tries = 0;
    const kube = applying(async () => {
      tries += 1;
      throw new KubeError({ what: 'apply', why: 'spec.replicas: Invalid value', status: 422 });
    });
    await expect(applyAll(kube, [object('Deployment', 'web')], { clock: fakeClock() })).rejects.toMatchObject({
      what: 'Deployment web could not be applied',
      why: 'spec.replicas: Invalid value',
    });
    expect(tries).toBe(1);
  });

  test('gives up after a minute with the last refusal', async () => {
    const kube = applying(() => Promise.reject(new KubeError({ what: 'apply', why: 'still starting', status: 503 })));
    await expect(applyAll(kube, [object('Service', 'web')], { clock: fakeClock() })).rejects.toMatchObject({
      what: 'waited 60 s for the API server to take Service web',
      why: expect.stringContaining('still starting'),
    });
  });
});
