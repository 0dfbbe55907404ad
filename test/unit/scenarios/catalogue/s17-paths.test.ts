import { pairPathNames, pairPaths } from '../../../../scenarios/catalogue/s17-cross-node-route/paths.ts';
import type { MeterPath } from '../../../../network/index.ts';

describe('the paths of a pair', () => {
  const parameters = { pair: ['lab-worker', 'lab-worker2'], broken: ['lab-worker'], protocol: 'udp' } as const;
  const podOf = (node: string, host: string): MeterPath => ({
    name: `o.p2p@before-${node}`,
    from: 'lab-control-plane/pod-b',
    target: { kind: 'tcp', host, port: 8080, answerers: [`${node}/pod-a`] },
  });
  const standard = [podOf('lab-worker', '10.244.1.3'), podOf('lab-worker2', '10.244.2.3')];

  test('lead from each to a pod of the other, over both protocols', () => {
    const paths = pairPaths(parameters, standard).map(({ from, target }) => [
      from,
      target.kind,
      'host' in target ? target.host : '',
    ]);
    expect(paths).toEqual([
      ['lab-worker/pod-b', 'tcp', '10.244.2.3'],
      ['lab-worker/pod-b', 'udp', '10.244.2.3'],
      ['lab-worker2/pod-b', 'tcp', '10.244.1.3'],
      ['lab-worker2/pod-b', 'udp', '10.244.1.3'],
    ]);
  });

  test('have the names by which they are asked for', () => {
    const names = pairPaths(parameters, standard).map(({ name }) => name);
    expect(pairPathNames(parameters)).toEqual(names);
    expect(pairPathNames(parameters, 'udp')).toEqual(names.filter((name) => name.includes('udp')));
  });
});
