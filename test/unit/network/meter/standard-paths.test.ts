import { pathsFor } from '../../../../network/meter/standard-paths.ts';
import { labFactsOf } from '../../../support/network-facts.ts';

const STD = ['lab-control-plane', 'lab-worker', 'lab-worker2'];

describe('the standard paths', () => {
  test('are six for each node, and three for the lab', () => {
    const names = pathsFor(labFactsOf(STD)).map(({ name }) => name);
    expect(names).toHaveLength(new Set(names).size);
    expect(names.filter((name) => name.endsWith('@lab-worker'))).toEqual(
      ['svc', 'est', 'udp', 'p2p', 'np', 'ndns'].map((kind) => `o.${kind}@lab-worker`),
    );
    expect(names.filter((name) => !name.includes('@'))).toEqual(['o.dns', 'o.egr', 'o.ing']);
  });

  test('lead to the shop where there is one, and to the probes otherwise', () => {
    const target = (facts: ReturnType<typeof labFactsOf>): unknown =>
      pathsFor(facts).find(({ name }) => name === 'o.svc@lab-worker')?.target;
    const { shop, ...withoutShop } = labFactsOf(STD);
    expect(target(labFactsOf(STD))).toMatchObject({
      kind: 'http',
      host: shop?.clusterIPs[0],
      answerers: ['shop/web-*'],
    });
    expect(target(withoutShop)).toMatchObject({ kind: 'tcp', host: '10.96.1.1', answerers: ['*/pod-a'] });
  });

  test('go from each node to a pod of another one', () => {
    const paths = pathsFor(labFactsOf(STD)).filter(({ name }) => name.startsWith('o.p2p@'));
    expect(paths.map(({ from, target }) => [from, 'answerers' in target ? target.answerers : ''])).toEqual([
      ['lab-control-plane/pod-b', ['lab-worker/pod-a']],
      ['lab-worker/pod-b', ['lab-worker2/pod-a']],
      ['lab-worker2/pod-b', ['lab-control-plane/pod-a']],
    ]);
  });

  test('ask a node for a name that no hosts file has', () => {
    const path = pathsFor(labFactsOf(STD)).find(({ name }) => name === 'o.ndns@lab-worker');
    expect(path).toEqual({
      name: 'o.ndns@lab-worker',
      from: 'lab-worker/node',
      target: { kind: 'dns', name: 'lab-keeper', expect: ['172.18.0.200'] },
    });
  });

  test('have no front door in a lab without ingress', () => {
    const paths = pathsFor({ ...labFactsOf(STD), frontDoor: { absent: 'no' } });
    expect(paths.some(({ name }) => name === 'o.ing')).toBe(false);
  });
});
