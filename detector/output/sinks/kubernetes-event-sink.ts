import type { ApiAccess } from '../../enrich/pod-watch.ts';
import { kubernetesEvent } from '../kubernetes-event.ts';
import { post } from '../post.ts';
import type { Sink } from '../sink.ts';

export interface EventSinkOptions {
  readonly api: ApiAccess;
  readonly uidOf: (namespace: string, pod: string) => string | undefined;
}

/** A name that every API server's certificate carries, whatever address it is reached by. */
const SERVER_NAME = 'kubernetes.default.svc';

/** Makes a Kubernetes Event of each alert; the service account has to be allowed to (docs/detector-outputs.md). */
export function kubernetesEventSink({ api, uidOf }: EventSinkOptions): Sink {
  return {
    deliver: async (alert, signal) => {
      const { namespace, pod } = alert.attribution;
      const uid = namespace === undefined || pod === undefined ? undefined : uidOf(namespace, pod);
      const event = kubernetesEvent(alert, uid);
      const path = `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(event.metadata.namespace)}/events`;
      await post({
        url: new URL(path, `https://${api.host}:${String(api.port)}`),
        body: JSON.stringify(event),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await api.token()}` },
        tls: { ca: api.ca, servername: SERVER_NAME },
        signal,
      });
    },
    close: () => Promise.resolve(),
  };
}
