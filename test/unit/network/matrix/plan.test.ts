import { planMatrix } from '../../../../network/matrix/plan.ts';
import type { PlannedCell } from '../../../../network/matrix/planned-cell.ts';
import { labFactsOf } from '../../../support/network-facts.ts';

const STD = ['lab-control-plane', 'lab-worker', 'lab-worker2'];
const NO_IPV6 = "the lab's network has no IPv6";
const HA = ['lab-control-plane', 'lab-control-plane2', 'lab-control-plane3', 'lab-worker', 'lab-worker2'];

describe('the plan of a matrix', () => {
  test.each([
    ['one node', ['lab-control-plane'], 90, 7],
    ['one control plane and two workers', STD, 550, 3],
    ['three control planes and two workers', HA, 1300, 3],
    ['ten nodes', Array.from({ length: 10 }, (_, index) => `n${String(index)}`), 4000, 3],
  ])('has enough cells for %s, and says which it cannot have', (_, nodes, atLeast, skips) => {
    const plan = planMatrix(labFactsOf(nodes));
    expect(plan.filter(({ probe }) => probe.kind !== 'skip').length).toBeGreaterThanOrEqual(atLeast);
    expect(plan.filter(({ probe }) => probe.kind === 'skip')).toHaveLength(skips);
    expect(plan.filter(({ probe }) => probe.kind === 'impossible')).toEqual([]);
  });

  test('has every row that the requirements need', () => {
    const rows = new Set(planMatrix(labFactsOf(STD)).map(({ row }) => row));
    expect([...rows].sort()).toEqual(
      [
        'M1',
        'M10',
        'M11',
        'M12',
        'M12-name',
        'M12-external',
        'M12-node',
        'M13',
        'M14',
        'M15',
        'M15-name',
        'M15-policy',
        'M16',
        'M2',
        'M3',
        'M4',
        'M5',
        'M6',
        'M6-api',
        'M8-api',
        'ext-node',
        'ext-pod',
        'ext-service',
        'M7',
        'M8',
        'M9',
        'node-node',
      ].sort(),
    );
  });

  test('never has the same cell twice', () => {
    const keys = planMatrix(labFactsOf(STD, { ipv6: 'bridge' })).map(({ from, to, path, protocol }) =>
      [from, to, path, protocol].join(' | '),
    );
    expect(keys).toHaveLength(new Set(keys).size);
  });

  test('tries TCP and UDP for every row of addresses', () => {
    const plan = planMatrix(labFactsOf(STD));
    for (const row of ['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M8', 'M9', 'M10', 'M13', 'M15-policy', 'node-node']) {
      const count = (protocol: string): number => jobs(plan, row).filter((cell) => cell.protocol === protocol).length;
      expect(count('tcp')).toBeGreaterThan(0);
      expect(count('udp')).toBe(count('tcp'));
    }
  });

  test('expects the client itself as the source between pods, and a node where the path masquerades', () => {
    const plan = planMatrix(labFactsOf(STD));
    const source = (from: string, to: string): readonly string[] | undefined => {
      const cell = plan.find((one) => one.from === from && one.to === to);
      return cell?.probe.kind === 'job' && cell.probe.expect.kind === 'answer'
        ? cell.probe.expect.source?.addresses
        : undefined;
    };
    const worker = ['172.18.0.3', '10.244.1.1'];
    expect(source('lab-worker/pod-a', 'lab-worker2/pod-b')).toEqual(['10.244.1.2']);
    expect(source('lab-worker/pod-b', 'service on-lab-worker2')).toEqual(['10.244.1.3']);
    expect(source('lab-worker/pod-a', 'service on-lab-worker')).toEqual(worker);
    expect(source('lab-worker/node', 'service on-lab-worker2')).toEqual(worker);
    expect(source('ext', 'nodePort of lab-worker')).toEqual(worker);
    expect(source('lab-worker2/pod-a', 'nodePort of lab-worker')).toEqual(worker);
    expect(source('lab-worker/pod-a', 'ext')).toEqual(worker);
    expect(source('lab-worker/pod-a', 'lab-worker2/host')).toEqual(['10.244.1.2', ...worker]);
    expect(source('ext', 'lab-worker/host')).toEqual(['172.18.0.200']);
  });

  test('tries the bridge over IPv6 where the lab has it, and says so where it has not', () => {
    const with6 = planMatrix(labFactsOf(STD, { ipv6: 'bridge' }));
    expect(jobs(with6, 'node-node').filter(({ path }) => path === 'node → node, IPv6')).toHaveLength(12);
    expect(skips(with6)).not.toContain(NO_IPV6);
    expect(skips(planMatrix(labFactsOf(STD)))).toContain(NO_IPV6);
  });

  test('skips the front door of a lab without ingress', () => {
    const plan = planMatrix({ ...labFactsOf(STD), frontDoor: { absent: 'this lab has no ingress add-on' } });
    expect(skips(plan)).toContain('this lab has no ingress add-on');
    expect(plan.filter(({ row, probe }) => row === 'M14' && probe.kind === 'job')).toEqual([]);
  });

  test('keeps the address of callers at a NodePort with the policy Local, and wants silence where no backend is', () => {
    const at = (from: string, node: string): unknown => {
      const cell = planMatrix(labFactsOf(STD)).find(
        (one) => one.row === 'M10' && one.from === from && one.to === `local nodePort of ${node}`,
      );
      return cell?.probe.kind === 'job' ? cell.probe.expect : undefined;
    };
    const backend = { kind: 'answer', answerers: ['lab-worker2/pod-a'] };
    expect(at('ext', 'lab-worker2')).toMatchObject({ ...backend, source: { addresses: ['172.18.0.200'] } });
    expect(at('ext', 'lab-worker')).toEqual({ kind: 'silence' });
    // By the address of the own node there is a shortcut to every backend.
    expect(at('lab-worker/pod-b', 'lab-worker')).toMatchObject({ ...backend, source: { addresses: ['10.244.1.3'] } });
    expect(at('lab-worker/pod-b', 'lab-control-plane')).toEqual({ kind: 'silence' });
    expect(at('lab-worker/node', 'lab-worker2')).toMatchObject({ source: { addresses: ['172.18.0.3', '10.244.1.1'] } });
  });

  test('skips HTTPRoutes and load balancers that the lab has not, with the reason', () => {
    const facts = { ...labFactsOf(STD), routes: { absent: 'no Gateway' }, loadBalancers: { absent: 'no balancer' } };
    expect(skips(planMatrix(facts))).toEqual(expect.arrayContaining(['no Gateway', 'no balancer']));
    expect(jobs(planMatrix(facts), 'M11')).toEqual([]);
  });

  test('keeps the cells of a pod that has no address and of a Service that is gone, as failures', () => {
    const facts = labFactsOf(STD);
    const plan = planMatrix({
      ...facts,
      probers: facts.probers.map((one) => (one.name === 'lab-worker/pod-b' ? { ...one, addresses: [] } : one)),
      services: Object.fromEntries(Object.entries(facts.services).filter(([name]) => name !== 'on-lab-worker')),
    });
    const full = planMatrix(facts);
    const failing = plan.filter(({ probe }) => probe.kind === 'impossible');
    expect(plan.length).toBe(full.length);
    expect(failing.some(({ to }) => to === 'lab-worker/pod-b')).toBe(true);
    expect(failing.some(({ to }) => to === 'service on-lab-worker')).toBe(true);
  });
});

function jobs(plan: readonly PlannedCell[], row: string): readonly PlannedCell[] {
  return plan.filter((cell) => cell.row === row && cell.probe.kind === 'job');
}

function skips(plan: readonly PlannedCell[]): readonly string[] {
  return plan.flatMap(({ probe }) => (probe.kind === 'skip' ? [probe.why] : []));
}
