import { canonicalTables } from '../../../../../labs/snapshot/rules/canonical.ts';
import type { Surroundings } from '../../../../../labs/snapshot/surroundings.ts';

const NOTHING_AROUND: Surroundings = { lineageByIp: new Map(), dnsPorts: { tcp: new Set(), udp: new Set() } };
const DNAT = '-p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.1.9:80';

/** A nat table in which the CNI keeps these chains of host ports. */
function lines(chains: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const names = Object.keys(chains);
  const rules = names.flatMap((name) => (chains[name] ?? []).map((rule) => `-A ${name} ${rule}`));
  const save = ['*nat', ':PREROUTING ACCEPT [0:0]', ...names.map((name) => `:${name} - [0:0]`), ...rules, 'COMMIT', ''];
  return canonicalTables(save.join('\n'), NOTHING_AROUND)['nat'] ?? [];
}

const living = { 'CNI-HOSTPORT-DNAT': ['-p tcp -j CNI-DN-aaaaa1'], 'CNI-DN-aaaaa1': [DNAT] };

test('a chain that the CNI is about to remove, and the jump to it, are no difference', () => {
  const leaving = {
    ...living,
    'CNI-HOSTPORT-DNAT': ['-p tcp -j CNI-DN-bbbbb2', '-p tcp -j CNI-DN-aaaaa1'],
    'CNI-DN-bbbbb2': [],
  };
  expect(lines(leaving)).toEqual(lines(living));
});

test('a living pod’s chain that somebody emptied is one', () => {
  expect(lines({ ...living, 'CNI-DN-aaaaa1': [] })).not.toEqual(lines(living));
});
