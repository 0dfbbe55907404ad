import { parseRule } from '../../../../network/rules/rule.ts';

describe('a rule of iptables-save', () => {
  test('is taken apart into conditions, comment and target', () => {
    const rule = parseRule(
      '! -s 10.244.0.0/16 -d 10.96.0.10/32 -p udp -m comment --comment "kube-system/kube-dns:dns cluster IP" -m udp --dport 53 -j KUBE-MARK-MASQ',
    );
    expect(rule.comment).toBe('kube-system/kube-dns:dns cluster IP');
    expect(rule.matches).toEqual([
      { kind: 'source', cidr: '10.244.0.0/16', isNegated: true },
      { kind: 'destination', cidr: '10.96.0.10/32', isNegated: false },
      { kind: 'protocol', name: 'udp', isNegated: false },
      { kind: 'destination-port', ranges: [{ from: 53, to: 53 }], isNegated: false },
    ]);
    expect(rule.target).toEqual({ kind: 'chain', name: 'KUBE-MARK-MASQ', way: 'jump' });
  });

  test('may hold quotes within its comment', () => {
    expect(parseRule(String.raw`-m comment --comment "dnat name: \"kubedrill\" id: \"42\"" -j ACCEPT`).comment).toBe(
      'dnat name: "kubedrill" id: "42"',
    );
  });

  test.each([
    ['-j DNAT --to-destination 10.244.1.4:8080', { kind: 'dnat', to: '10.244.1.4:8080' }],
    ['-j REJECT --reject-with icmp-port-unreachable', { kind: 'reject', with: 'icmp-port-unreachable' }],
    ['-j MARK --set-xmark 0x4000/0x0', { kind: 'mark', clear: 0, set: 0x4000 }],
    ['-j MASQUERADE --random-fully', { kind: 'masquerade' }],
    ['-g KUBE-SERVICES', { kind: 'chain', name: 'KUBE-SERVICES', way: 'goto' }],
    ['-j SNAT --to-source 172.18.0.1:53', { kind: 'unknown', name: 'SNAT' }],
  ])('%s', (text, target) => {
    expect(parseRule(text).target).toEqual(target);
  });

  test('with a condition that nobody knows says which', () => {
    expect(parseRule('-m string --string evil --algo bm -j DROP').matches).toContainEqual({
      kind: 'unknown',
      option: '--string',
    });
  });

  test('of several ports has them all, also as ranges', () => {
    expect(parseRule('-p tcp -m multiport ! --dports 80,8000:8010 -j DROP').matches).toContainEqual({
      kind: 'destination-port',
      ranges: [
        { from: 80, to: 80 },
        { from: 8000, to: 8010 },
      ],
      isNegated: true,
    });
  });
});
