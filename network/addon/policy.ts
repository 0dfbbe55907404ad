import type { KubeObject } from '../../core/index.ts';
import { GUARDED_PORT, PROBER_PORTS } from '../probers.ts';
import { PROBER_LABEL, PROBES_NAMESPACE } from './names.ts';

/**
 * Everybody may ask a pod-b at its first port, only other pod-b's at its second. Whether the second one is closed to others shows
 * whether the lab's network enforces policies at all; where it does not, this changes nothing.
 */
export function guardedPolicy(): KubeObject {
  const podB = { matchLabels: { [PROBER_LABEL]: 'pod-b' } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'guarded', namespace: PROBES_NAMESPACE },
    spec: {
      podSelector: podB,
      policyTypes: ['Ingress'],
      ingress: [
        { ports: portsAt(PROBER_PORTS['pod-b']) },
        { from: [{ podSelector: podB }], ports: portsAt(GUARDED_PORT) },
      ],
    },
  };
}

function portsAt(port: number): readonly object[] {
  return ['TCP', 'UDP'].map((protocol) => ({ protocol, port }));
}
