import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { impossible, probersWith, type PlannedCell } from '../planned-cell.ts';

/** The name for which every API server's certificate is made out. */
const SERVER_NAME = 'kubernetes.default.svc';

/** M6-api and M8-api: kubernetes.default from pods and nodes over HTTPS; the certificate of the cluster's own authority is the proof. */
export function apiServerRows(facts: LabFacts): readonly PlannedCell[] {
  return probersWith(facts, 'pod-a', 'pod-b', 'host', 'node').map((from) => ({
    ...(isPod(from) ? { row: 'M6-api', requirement: 'R1' } : { row: 'M8-api', requirement: 'R2' }),
    path: `${isPod(from) ? 'pod' : from.role === 'host' ? 'hostNetwork pod' : 'node'} → kubernetes.default`,
    from: from.name,
    to: 'service kubernetes',
    protocol: 'https',
    probe: versionOf(facts),
  }));
}

function isPod({ role }: ProberFacts): boolean {
  return role === 'pod-a' || role === 'pod-b';
}

/** `/version` is open to everybody, by the role system:public-info-viewer. */
function versionOf({ kubernetes }: LabFacts): PlannedCell['probe'] {
  if (kubernetes === undefined) {
    return impossible('unreachable', 'the Service kubernetes or the ConfigMap kube-root-ca.crt does not exist');
  }
  const { clusterIPs, port, ca } = kubernetes;
  return {
    kind: 'job',
    target: {
      kind: 'http',
      host: clusterIPs[0] ?? '',
      port,
      hostHeader: SERVER_NAME,
      path: '/version',
      tls: { serverName: SERVER_NAME, ca },
    },
    expect: { kind: 'status', status: 200 },
  };
}
