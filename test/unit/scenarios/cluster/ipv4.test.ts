import { halvesOf, lastHostOf } from '../../../../scenarios/cluster/ipv4.ts';

test('the halves of a network are its two longer prefixes', () => {
  expect(halvesOf('10.244.2.0/24')).toEqual(['10.244.2.0/25', '10.244.2.128/25']);
  expect(halvesOf('10.244.0.0/16')).toEqual(['10.244.0.0/17', '10.244.128.0/17']);
});

test('the last host of a network is below its broadcast address', () => {
  expect(lastHostOf('172.18.0.3/16')).toBe('172.18.255.254');
  expect(lastHostOf('192.168.7.9/24')).toBe('192.168.7.254');
});

test.each(['', '10.244.2.0', 'fd00::/64', '10.0.0.1/32'])('"%s" is no network to be halved', (text) => {
  expect(() => halvesOf(text)).toThrow(RangeError);
});
