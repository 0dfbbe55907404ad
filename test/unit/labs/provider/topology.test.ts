import {
  apiServerOf,
  frontDoorNode,
  labMemoryBytes,
  machineNamesOf,
  nodeNamesOf,
  topologyOf,
} from '../../../../labs/provider/topology.ts';

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

  test('has a machine more than nodes where a balancer stands before several control planes', () => {
    const more = (name: string): readonly string[] =>
      machineNamesOf('lab', topologyOf(name)).filter(
        (machine) => !nodeNamesOf('lab', topologyOf(name)).includes(machine),
      );
    expect([more('single'), more('std'), more('ha')]).toEqual([[], [], ['lab-external-load-balancer']]);
  });

  test('takes more memory the more control planes it has', () => {
    const [single, std, ha] = ['single', 'std', 'ha'].map((name) => labMemoryBytes(topologyOf(name)));
    expect(single).toBeLessThan(std ?? 0);
    expect(std).toBeLessThan((ha ?? 0) / 2);
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
