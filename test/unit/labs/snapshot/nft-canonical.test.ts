import { canonicalNft } from '../../../../labs/snapshot/nft-canonical.ts';
import { nftText } from '../../../../labs/snapshot/restore/nft-text.ts';

const TABLE = `table inet guard {
	set pods {
		type ipv4_addr
		elements = { 10.244.1.9,
			     10.244.1.5 }
	}

	chain forward {
		type filter hook forward priority filter; policy accept;
		ip saddr 192.0.2.1 counter packets 12 bytes 720 drop
	}
}
`;
const surroundings = {
  lineageByIp: new Map([['10.244.1.5', 'shop/Deployment/web']]),
  dnsPorts: { tcp: new Set<string>(), udp: new Set<string>() },
};

test('rules are read with their blocks, without counters, and elements in order', () => {
  expect(canonicalNft(TABLE, surroundings)).toEqual([
    'table inet guard',
    'inet guard set pods',
    'inet guard set pods: type ipv4_addr',
    'inet guard set pods: elements = { 10.244.1.9, {shop/Deployment/web} }',
    'inet guard chain forward',
    'inet guard chain forward: type filter hook forward priority filter; policy accept;',
    'inet guard chain forward: ip saddr 192.0.2.1 counter drop',
  ]);
});

const other = 'table ip evil {\n}\n';
const kindnet = 'table inet kindnet-network-policies {\n}\n';
test.each([
  ['a lost table is loaded again', TABLE, '', TABLE],
  ['a foreign table is deleted', '', other, 'delete table ip evil\n'],
  ['a changed table is replaced', TABLE, TABLE.replace('drop', 'accept'), `delete table inet guard\n${TABLE}`],
  ['a table that its owner keeps is left alone', kindnet, kindnet.replace('{', '{\n# newer'), ''],
  ['a table that its owner lost is loaded again', kindnet, '', kindnet],
  ['an equal table is left alone', TABLE, TABLE, ''],
])('%s', (_title, saved, now, text) => {
  expect(nftText(saved, now)).toBe(text);
});
