import { problemsIn } from '../../../../scenarios/checks/proxy-rules.ts';

const difference = (says: string) => ({
  kind: 'missing' as const,
  table: 'nat',
  chain: 'KUBE-SERVICES',
  rule: '',
  says,
});

test('nodes without differences have no problem', () => {
  expect(problemsIn([{ node: 'lab-worker', differences: [] }])).toBe('');
});

test('the first problems are named with their nodes, and the rest counted', () => {
  expect(
    problemsIn([
      { node: 'lab-worker', differences: ['a', 'b', 'c', 'd'].map(difference) },
      { node: 'lab-worker2', trouble: 'it does not answer', differences: [] },
    ]),
  ).toBe('lab-worker: a; lab-worker: b; lab-worker: c; and 2 more');
});
