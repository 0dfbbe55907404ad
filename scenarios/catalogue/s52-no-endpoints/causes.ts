import { refTo } from '../../cluster/objects.ts';
import type { RunContext } from '../../define.ts';
import { changeObject, createObject, removeObject } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import type { VariantSummary } from '../../types.ts';
import { cartDeployment, DEPLOYMENT, LABELS, OTHER_NAMESPACE, PORT, POD_PORT_NAME, SERVICE } from './parts.ts';

interface Cause {
  readonly id: string;
  readonly title: string;
  steps(context: RunContext<object>): readonly RunStep[];
}

/** What can leave a Service without anybody behind it. */
const causes: readonly Cause[] = [
  {
    id: 'selector',
    title: 'a selector that asks for one label too many',
    steps: () => [
      changeObject('ask for a label that no pod has', SERVICE, {
        kind: 'merge',
        patch: { spec: { selector: { ...LABELS, tier: 'backend' } } },
      }),
    ],
  },
  {
    id: 'target-port',
    title: 'a port by a name that the pods do not have',
    steps: () => [
      changeObject('name a port that no pod has', SERVICE, { kind: 'merge', patch: portsPatch({ targetPort: 'web' }) }),
    ],
  },
  {
    id: 'readiness',
    title: 'a readiness probe that asks at a port where nobody listens',
    steps: () => [
      changeObject('move the readiness probe', DEPLOYMENT, {
        kind: 'json',
        patch: [{ op: 'replace', path: '/spec/template/spec/containers/0/readinessProbe/httpGet/port', value: 8081 }],
      }),
    ],
  },
  {
    id: 'namespace',
    title: 'pods in another namespace than their Service',
    steps: ({ env }) => [
      removeObject('delete the Deployment', DEPLOYMENT),
      createObject('make it again in another namespace', cartDeployment(env, OTHER_NAMESPACE)),
    ],
  },
  {
    id: 'protocol',
    title: 'a port of another protocol than the one that is spoken',
    steps: () => [
      changeObject('change the protocol of the port', SERVICE, {
        kind: 'merge',
        patch: portsPatch({ protocol: 'UDP' }),
      }),
    ],
  },
];

export const variants: readonly VariantSummary[] = causes.map(({ id, title }) => ({ id, title }));

export const OTHER_DEPLOYMENT = refTo('apps/v1', 'Deployment', DEPLOYMENT.name, OTHER_NAMESPACE);

/** The Service's one port, with a difference. */
export function portsPatch(difference: object): unknown {
  const port = { name: 'http', port: PORT, targetPort: POD_PORT_NAME, protocol: 'TCP' };
  return { spec: { ports: [{ ...port, ...difference }] } };
}

export function breaks(context: RunContext<object>): readonly RunStep[] {
  const cause = causes.find(({ id }) => id === context.variant);
  if (cause === undefined) throw new RangeError(`no cause ${context.variant}`);
  return cause.steps(context);
}
