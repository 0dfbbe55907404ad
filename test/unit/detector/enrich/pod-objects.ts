import type { PodObject } from '../../../../detector/enrich/pod-index.ts';
import { CONTAINER_ID, POD_UID } from './records.ts';

/** A running pod of one container, as the API tells it. */
export function podObject(
  more: Partial<PodObject['metadata']> = {},
  containerID = `containerd://${CONTAINER_ID}`,
): PodObject {
  return {
    metadata: { name: 'web-0', namespace: 'shop', uid: POD_UID, labels: { app: 'web' }, ...more },
    spec: { containers: [{ name: 'nginx', image: 'nginx', securityContext: { privileged: true } }], hostNetwork: true },
    status: {
      podIP: '10.244.1.7',
      containerStatuses: [
        {
          name: 'nginx',
          image: 'docker.io/library/nginx:1.27',
          containerID,
          state: { running: { startedAt: '2026-01-02T03:04:05Z' } },
        },
      ],
    },
  };
}
