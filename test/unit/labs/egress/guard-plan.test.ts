import { parseHostFilter } from '../../../../labs/egress/filter-dump.ts';
import {
  commandsToInstall,
  commandsToRemove,
  guardedNetworks,
  guardStatus,
} from '../../../../labs/egress/guard-plan.ts';

const guarded = { networkName: 'kubedrill-lab', bridge: 'kd-lab' };
const RULE =
  '-i kd-lab ! -o kd-lab -m comment --comment "kubedrill-egress:kubedrill-lab" -c 3 180 -j REJECT --reject-with icmp-admin-prohibited';
const OTHER = RULE.replaceAll('kd-lab', 'kd-two').replace('kubedrill-lab', 'kubedrill-two');

function docker(...rules: readonly string[]): string {
  return [
    '@ ipv4 nft iptables-nft',
    '-P FORWARD DROP -c 0 0',
    '-A FORWARD -c 9 540 -j DOCKER-USER',
    '-N DOCKER-USER',
    ...rules.map((rule) => `-A DOCKER-USER ${rule}`),
    '-A DOCKER-USER -c 9 540 -j RETURN',
    '@ routes',
    '',
  ].join('\n');
}

const bareIpv6 = '@ has-ipv6\n@ ipv6 nft ip6tables-nft\n-P FORWARD ACCEPT -c 0 0\n';
const commands = (text: string) => commandsToInstall(parseHostFilter(text), guarded).map((words) => words.join(' '));

test('where the guard holds, nothing is run', () => {
  expect(commands(docker(RULE))).toEqual([]);
});

test('the guard goes first into the chain that Docker leaves to users', () => {
  expect(commands(docker())).toEqual([
    'iptables-nft -w 5 -I DOCKER-USER 1 -i kd-lab ! -o kd-lab -m comment --comment kubedrill-egress:kubedrill-lab ' +
      '-j REJECT --reject-with icmp-admin-prohibited',
  ]);
});

test('the guard of another lab may come before it', () => {
  expect(commands(docker(OTHER, RULE))).toEqual([]);
});

test.each([
  ['a rule that lets packets pass was put before it', ['-c 0 0 -j ACCEPT', RULE]],
  ['it names an old bridge', [RULE.replaceAll('kd-lab ', 'br-old ')]],
])('when %s, it is deleted and set anew at the top', (_case, rules) => {
  expect(guardStatus(parseHostFilter(docker(...rules)), guarded)[0]?.ok).toBe(false);
  expect(commands(docker(...rules)).map((line) => line.split(' ')[3])).toEqual(['-D', '-I']);
});

test('where Docker has no IPv6 filter, a chain of our own is hooked in first', () => {
  expect(commands(docker(RULE) + bareIpv6)).toEqual([
    'ip6tables-nft -w 5 -N KUBEDRILL-EGRESS',
    'ip6tables-nft -w 5 -I FORWARD -j KUBEDRILL-EGRESS',
    'ip6tables-nft -w 5 -I KUBEDRILL-EGRESS 1 -i kd-lab ! -o kd-lab -m comment --comment kubedrill-egress:kubedrill-lab ' +
      '-j REJECT --reject-with icmp6-adm-prohibited',
  ]);
});

test('Docker in the legacy backend is served there, although nft works as well', () => {
  const text = `@ ipv4 nft iptables-nft\n-P FORWARD ACCEPT -c 0 0\n${docker().replace('nft iptables-nft', 'legacy iptables-legacy')}`;
  expect(commands(text).map((line) => line.split(' ')[0])).toEqual(['iptables-legacy']);
});

test('the status tells where the guard is and how many packets it refused', () => {
  expect(guardStatus(parseHostFilter(docker(RULE) + bareIpv6), guarded)).toEqual([
    { family: 'ipv4', ok: true, where: ['nft DOCKER-USER'], packets: 3, observed: 'in place (nft DOCKER-USER)' },
    {
      family: 'ipv6',
      ok: false,
      where: ['nft KUBEDRILL-EGRESS'],
      packets: 0,
      observed: 'not in place in nft KUBEDRILL-EGRESS',
    },
  ]);
});

test('a host without a usable packet filter is not guarded', () => {
  expect(guardStatus(parseHostFilter('@ ipv4 nft iptables-nft\n@ routes\n'), guarded)[0]).toMatchObject({ ok: false });
});

test('removing takes the rules of that network only, and our chain when it is empty', () => {
  const own = `${bareIpv6}-A FORWARD -c 1 1 -j KUBEDRILL-EGRESS\n-N KUBEDRILL-EGRESS\n-A KUBEDRILL-EGRESS ${RULE}\n`;
  const filter = parseHostFilter(docker(OTHER, RULE) + own);
  expect(commandsToRemove(filter, 'kubedrill-lab').map((words) => words.join(' '))).toEqual([
    expect.stringMatching(/^iptables-nft -w 5 -D DOCKER-USER -i kd-lab .*kubedrill-lab/),
    expect.stringMatching(/^ip6tables-nft -w 5 -D KUBEDRILL-EGRESS/),
    'ip6tables-nft -w 5 -D FORWARD -j KUBEDRILL-EGRESS',
    'ip6tables-nft -w 5 -X KUBEDRILL-EGRESS',
  ]);
});

test('our chain stays while another lab has its guard in it', () => {
  const own = `${bareIpv6}-N KUBEDRILL-EGRESS\n-A KUBEDRILL-EGRESS ${OTHER}\n-A KUBEDRILL-EGRESS ${RULE}\n`;
  expect(commandsToRemove(parseHostFilter(own), 'kubedrill-lab')).toHaveLength(1);
});

test('guards of all labs are listed, also of those that are gone', () => {
  expect(guardedNetworks(parseHostFilter(docker(OTHER, RULE)))).toEqual(['kubedrill-lab', 'kubedrill-two']);
});
