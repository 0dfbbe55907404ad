import { ECHO_COMMAND } from './programs.ts';
import { ECHO_PORT } from './probers.ts';

/** Spec of a pod that answers who it is, over HTTP and TCP, at its port `http`; it ends within a second. */
export function echoPodSpec(image: string, name: string, readinessProbe: object): object {
  return {
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    containers: [
      {
        name,
        image,
        imagePullPolicy: 'IfNotPresent',
        command: [...ECHO_COMMAND],
        env: [
          fromField('POD_NAME', 'metadata.name'),
          fromField('POD_NAMESPACE', 'metadata.namespace'),
          fromField('NODE_NAME', 'spec.nodeName'),
        ],
        ports: [{ name: 'http', containerPort: ECHO_PORT }],
        readinessProbe,
        resources: { requests: { cpu: '10m', memory: '24Mi' } },
      },
    ],
  };
}

function fromField(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
