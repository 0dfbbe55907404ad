import { flannelIsThere } from '../../cluster/flannel.ts';
import { defineScenario } from '../../define.ts';
import { breaks } from './breaks.ts';
import { causeOf, variants } from './causes.ts';
import { checks } from './checks.ts';
import type { RouteParameters } from './parameters.ts';
import { pairPathNames, pairPaths } from './paths.ts';

export default defineScenario<RouteParameters>({
  id: 'S17',
  slug: 'cross-node-route',
  title: 'Reconnect the pods of two nodes',
  domain: 'TS',
  competencies: ['C27', 'C9', 'C23'],
  difficulty: 4,
  minutes: 20,
  layer: 'data plane',
  topologies: ['std'],
  needsIngress: false,
  defaultSeed: 11,
  variants,
  questions: [],
  hints: [
    'Take Services out of the picture: kubedrill net matrix shows which pods reach which pods directly. Is it the machines that do not reach each other, or only their pods? One way or both?',
    'Walk the way of a packet on the machine that sends it, and then the way of the answer on the other one: ip route get ADDRESS-OF-A-POD, ip rule, sysctl net.ipv4.ip_forward, iptables -S FORWARD with iptables -nvL for the counters. Compare with the third machine, which works.',
    'The pod network’s daemon sets one route for each machine, looks every 10 s whether it is there, and is content when it is. It does not see what comes before that route: a longer prefix, a routing rule, a drop in the packet filter. And what comes back after you removed it is set by somebody: systemctl list-timers.',
    'Remove what the third machine does not have: routes of type blackhole, a rule in ip rule, a chain called from FORWARD, a timer with its service; set net.ipv4.ip_forward to 1. Do it on both machines, and add nothing of your own.',
  ],
  parameters: (variant, { controlPlanes, workers }, dice) => {
    const [one = '', other = ''] = [...workers, ...controlPlanes];
    const pair = dice('side').pick([[one, other] as const, [other, one] as const]);
    return {
      pair,
      broken: dice('sides').pick([[pair[0]], pair]),
      protocol: causeOf(variant).knowsProtocols ? dice('protocol').pick(['tcp', 'udp', 'all'] as const) : 'all',
    };
  },
  requires: async ({ env }) => [await flannelIsThere(env)],
  setup: () => [],
  measured: ({ parameters }, standard) => [
    ...standard.filter(({ name }) => /^o\.(svc|np|dns)(@|$)/.test(name)),
    ...pairPaths(parameters, standard),
  ],
  steady: (_context, measured) => measured.map(({ name }) => name),
  breaks,
  symptom: ({ parameters }) => pairPathNames(parameters, parameters.protocol),
  alerts: ({ variant, parameters }) => [
    ...parameters.broken.map((node) => ({
      rule: causeOf(variant).alert,
      expected: 'must' as const,
      deadlineMs: 2_000,
      node,
    })),
    { rule: 'Create HostNetwork Pod', expected: 'never' },
    { rule: 'KD Workload scaled to zero', expected: 'never' },
  ],
  checks,
});
