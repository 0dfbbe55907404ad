import type { NodeHandle } from '../../core/index.ts';

/**
 * What Docker wrote when the node was started: questions to the gateway of the lab's network go to Docker's resolver, which listens
 * on 127.0.0.11 at two ports of its own. Only what is missing is written.
 */
const DOCKER_RULES = `
gw=$(awk '/^nameserver/ {print $2; exit}' /etc/resolv.conf)
tcp=$(ss -Hlnt src 127.0.0.11 | awk '{split($4, a, ":"); print a[2]; exit}')
udp=$(ss -Hlnu src 127.0.0.11 | awk '{split($4, a, ":"); print a[2]; exit}')
for c in DOCKER_OUTPUT DOCKER_POSTROUTING; do iptables -t nat -N $c 2>/dev/null; done
put() { iptables -t nat -C "$@" 2>/dev/null || iptables -t nat -A "$@"; }
put PREROUTING -d $gw/32 -j DOCKER_OUTPUT
put OUTPUT -d $gw/32 -j DOCKER_OUTPUT
put POSTROUTING -d $gw/32 -j DOCKER_POSTROUTING
put DOCKER_OUTPUT -d $gw/32 -p tcp -m tcp --dport 53 -j DNAT --to-destination 127.0.0.11:$tcp
put DOCKER_OUTPUT -d $gw/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:$udp
put DOCKER_POSTROUTING -s 127.0.0.11/32 -p tcp -m tcp --sport $tcp -j SNAT --to-source $gw:53
put DOCKER_POSTROUTING -s 127.0.0.11/32 -p udp -m udp --sport $udp -j SNAT --to-source $gw:53
`;

/** As a person would, by hand: nobody else writes these rules again while the node runs. */
export async function putDockerRulesBack(node: NodeHandle): Promise<void> {
  await node.exec(['sh', '-c', DOCKER_RULES]);
}
