import { kubeProxyHealth } from '../../cluster/kube-proxy.ts';
import { kubeProxyEvidence } from '../../cluster/kube-proxy-log.ts';
import { defineScenario } from '../../define.ts';
import { nodeCommand } from '../../faults/node-command.ts';
import { questions } from './card.ts';
import { checks } from './checks.ts';
import { memberOf, variants } from './family.ts';
import type { FlushParameters } from './parameters.ts';

export default defineScenario<FlushParameters>({
  id: 'S01',
  slug: 'flushed-iptables',
  title: 'Restore a node whose packet rules were flushed',
  domain: 'TS',
  competencies: ['C27', 'C24', 'C9', 'C11'],
  difficulty: 3,
  minutes: 20,
  layer: 'data plane',
  topologies: ['std'],
  needsIngress: true,
  defaultSeed: 9,
  variants,
  questions,
  hints: [
    'Compare the machines, not the Services: the same Service, called from a pod on each machine (kubedrill net matrix), tells which machine is different.',
    'On a healthy machine and on the odd one, count the rules of each table: iptables-save -t nat | grep -c -- -A, and the same for filter and mangle. Then ask for each group of rules that is missing: who writes it, and when does it write it again?',
    'kube-proxy notices a flush only by a chain of its own in one table, and looks every 30 s. A restart of its pod makes it write everything again. Docker’s name resolution rules and the hostPort rules of a running pod are written once, by somebody else.',
    'Put back what nobody else will: Docker’s rules (the jumps for the gateway address in /etc/resolv.conf; DNAT to 127.0.0.11 at the ports that ss -lntu shows, and SNAT back), then restart kube-proxy on the machine, then the front door’s pod if it lives there. Write no rule for a Service by hand.',
  ],
  parameters: (_variant, lab, dice) => ({ victim: dice('victim').pick([...lab.controlPlanes, ...lab.workers]) }),
  requires: async ({ env }) => {
    const healths = await Promise.all(env.session.nodes.map(kubeProxyHealth));
    return healths.map(({ ok, observed }) => ({ id: 'kube-proxy', says: 'kube-proxy is healthy', ok, observed }));
  },
  setup: () => [],
  measured: ({ parameters: { victim } }, standard) => standard.filter(({ name }) => isWatched(name, victim)),
  steady: (_context, measured) => measured.map((path) => path.name),
  breaks: ({ variant, parameters: { victim } }) => {
    const { title, argv } = memberOf(variant);
    return [
      nodeCommand({
        title: `${title} on ${victim}`,
        node: victim,
        argv,
        undo: [{ action: 'node.restore', args: { node: victim } }],
      }),
    ];
  },
  symptom: ({ variant, parameters: { victim } }) =>
    memberOf(variant).healing === 'not-lost' ? [] : [`o.svc@${victim}`, `o.np@${victim}`],
  alerts: ({ parameters }) => [
    {
      rule: 'KD Packet filter flushed',
      expected: 'must',
      deadlineMs: 2_000,
      node: parameters.victim,
    },
    { rule: 'Create HostNetwork Pod', expected: 'never' },
  ],
  evidence: ({ env, parameters: { victim } }, sinceMs) => kubeProxyEvidence(env, sinceMs, [victim]),
  checks,
});

/** Everything that begins or ends at the victim, the front door, and new connections elsewhere, which must not notice. */
function isWatched(path: string, victim: string): boolean {
  const [kind = '', node] = path.split('@');
  return node === victim || ['o.svc', 'o.ing', 'o.dns'].includes(kind);
}
