import { endpointTargets } from '../../../../scenarios/checks/service-endpoints.ts';

test('the endpoints of an iptables-save text are where its KUBE-SEP rules lead, each once, and nothing else', () => {
  const text = `*nat
:KUBE-SEP-AAAA - [0:0]
-A KUBE-SEP-AAAA -s 10.244.1.5/32 -m comment --comment "shop/web:http" -j KUBE-MARK-MASQ
-A KUBE-SEP-AAAA -p tcp -m comment --comment "shop/web:http" -m tcp -j DNAT --to-destination 10.244.1.5:8080
-A KUBE-SEP-BBBB -p udp -m comment --comment "kube-system/kube-dns:dns" -m udp -j DNAT --to-destination 10.244.0.3:53
-A KUBE-SEP-CCCC -p tcp -m comment --comment "kube-system/kube-dns:dns-tcp" -m tcp -j DNAT --to-destination 10.244.0.3:53
-A PREROUTING -d 10.96.0.7/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.9.9:8080
COMMIT
`;
  expect(endpointTargets(text)).toEqual(['10.244.0.3', '10.244.1.5']);
  expect(endpointTargets('')).toEqual([]);
});
