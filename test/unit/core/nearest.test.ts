import { nearest, prettyCommand } from '../../../core/index.ts';

const SCENARIOS = ['flushed-iptables', 'kube-proxy-crash', 'shell-in-container'];

test.each([
  ['flushed-iptable', 'flushed-iptables'],
  ['kubeproxy-crash', 'kube-proxy-crash'],
  ['SHELL-in-container', 'shell-in-container'],
  ['shell', 'shell-in-container'],
])('the nearest name to %s is %s', (typed, expected) => {
  expect(nearest(typed, SCENARIOS)[0]).toBe(expected);
});

test('nothing is near to something quite different', () => {
  expect(nearest('zzzzzzzzzzzzzzzzzzzzzzzz', SCENARIOS)).toEqual([]);
});

test.each([
  [['docker', 'ps'], 'docker ps'],
  [['sh', '-c', 'echo hi'], "sh -c 'echo hi'"],
  [['echo', "it's"], `echo 'it'\\''s'`],
  [['x', ''], "x ''"],
])('a command can be pasted into a shell: %j', (command, pasted) => {
  expect(prettyCommand(command)).toBe(pasted);
});
