import { deadAddress } from '../../../../labs/egress/dead-address.ts';

const HEAD = 'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT';
const DEFAULT = 'eth0 00000000 010011AC 0003 0 0 0 00000000 0 0 0';

test('a documentation address is taken that the host would send to its gateway', () => {
  expect(deadAddress([HEAD, DEFAULT].join('\n'))).toBe('198.51.100.77');
});

test('a documentation range that the site uses on its own link is not taken', () => {
  const onLink = 'eth0 006433C6 00000000 0001 0 0 0 00FFFFFF 0 0 0';
  expect(deadAddress([HEAD, DEFAULT, onLink].join('\n'))).toBe('203.0.113.77');
});

test('there is none when all ranges are on links', () => {
  const onLinks = ['006433C6', '007100CB', '000200C0'].map((net) => `e ${net} 00000000 0001 0 0 0 00FFFFFF 0 0 0`);
  expect(deadAddress([HEAD, ...onLinks].join('\n'))).toBeUndefined();
});

test('a host without any route takes the first', () => {
  expect(deadAddress(HEAD)).toBe('198.51.100.77');
});
