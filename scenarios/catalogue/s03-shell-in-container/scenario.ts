import { defineScenario } from '../../define.ts';
import type { ExpectedAlert, RunContext } from '../../define.ts';
import { breaks, text } from './breaks.ts';
import { checks } from './checks.ts';
import { FACTS, userOf, variants, type IntrusionParameters } from './parameters.ts';
import { setup } from './setup.ts';

const SYSCALL_MS = 2_000;
const AUDIT_MS = 5_000;

export default defineScenario<IntrusionParameters>({
  id: 'S03',
  slug: 'shell-in-container',
  title: "Evict an intruder's shell and close the door it used",
  domain: 'TS',
  competencies: ['C26', 'C23', 'C15', 'C7'],
  difficulty: 2,
  minutes: 15,
  layer: 'runtime security',
  topologies: ['std'],
  needsIngress: false,
  defaultSeed: 1,
  variants,
  questions: [
    { key: 'pod', says: 'The pod that somebody is in' },
    { key: 'container', says: 'The container of that pod' },
    { key: 'node', says: 'The machine it runs on', allowed: ['NODE'] },
    { key: 'user', says: 'The user for whom the API server takes them; none, if they did not come through the API' },
  ],
  hints: [
    'The detector has seen it: kubedrill detector tail. An alert about a system call says what ran and where; one from the audit log says who asked.',
    'Put the two beside each other by pod and second. If there is no audit alert for the shell, nobody asked the API server for it: then look on the machine where the pod runs (crictl, systemctl, ps).',
    'For a user of the API: which rule allows it? kubectl auth can-i --list --as=… -n shop, and kubectl get rolebindings -n shop -o wide. Which others need that rule? A token that was stolen stays good until its Secret is gone.',
    'Close the door first (the binding, or the verb in the role, only for the one who misused it), take the stolen token away, then delete the pod and let the Deployment make a new one. On a machine: end the session there, then delete the pod.',
  ],
  parameters: (_variant, _lab, dice) => ({
    podIndex: dice('pod').below(4),
    shell: dice('shell').pick(['sh', 'bash'] as const),
    leavesFile: dice('file').pick([true, false]),
  }),
  requires: async () => [],
  setup,
  measured: (_context, standard) => standard.filter(({ name }) => name.startsWith('o.svc@')),
  steady: (_context, measured) => measured.map((path) => path.name),
  breaks,
  symptom: () => [],
  alerts: (context) => [
    ...expectedAlerts(context),
    { rule: 'KD Detector or probe tampered', expected: 'never' },
    { rule: 'Attach to cluster-admin Role', expected: 'never' },
  ],
  intruders: ({ variant }) => [userOf(variant)],
  checks,
});

function expectedAlerts(context: RunContext<IntrusionParameters>): readonly ExpectedAlert[] {
  const pod = text(context, FACTS.pod);
  const shell = must('Terminal shell in container', SYSCALL_MS, { pod });
  const user = userOf(context.variant);
  switch (context.variant) {
    case 'ephemeral-container':
      return [shell, must('EphemeralContainers Created', AUDIT_MS, { pod, user })];
    case 'runtime-exec':
      return [shell];
    default:
      return [shell, must('Attach/Exec Pod', AUDIT_MS, { pod, user })];
  }
}

function must(rule: string, deadlineMs: number, about: ExpectedAlert['about'] & object): ExpectedAlert {
  return { rule, expected: 'must', deadlineMs, about };
}
