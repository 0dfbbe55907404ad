import { apiServerOf, frontDoorNode, nodeNamesOf, topologyOf } from '../../../../labs/provider/topology.ts';

describe('a topology', () => {
  test.each([
    ['single', ['lab-control-plane'], 'lab-control-plane', 'lab-control-plane'],
    ['std', ['lab-control-plane', 'lab-worker', 'lab-worker2'], 'lab-worker', 'lab-control-plane'],
    [
      'ha',
      ['lab-control-plane', 'lab-control-plane2', 'lab-control-plane3', 'lab-worker', 'lab-worker2'],
      'lab-worker',
      'lab-external-load-balancer',
    ],
  ])('%s has these nodes, this front door and this API server', (name, names, door, host) => {
    const topology = topologyOf(name);
    expect(nodeNamesOf('lab', topology)).toEqual(names);
    expect(frontDoorNode('lab', topology)).toBe(door);
    expect(apiServerOf('lab', topology)).toEqual({ host, port: 6443 });
  });

  test.each([
    ['standard', 'std'],
    ['singel', 'single'],
  ])('that does not exist (%s) is a usage error with the nearest name', (name, near) => {
    expect(thrownBy(() => topologyOf(name))).toMatchObject({ exitCode: 2, hint: `kubedrill up --topology ${near}` });
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
