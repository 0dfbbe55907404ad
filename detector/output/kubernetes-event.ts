import type { AlertDocument } from './alert-document.ts';

/** The API server cuts none, it refuses: a note of more than 1024 bytes and a reason of more than 128. */
const MAX_NOTE_BYTES = 1_024;
const MAX_REASON = 128;

/** A Kubernetes Event on the pod that the alert is about, or on the node; `uid` of the pod, where it is known. */
export function kubernetesEvent(alert: AlertDocument, podUid: string | undefined) {
  const { node, namespace, pod } = alert.attribution;
  const regarding =
    namespace !== undefined && pod !== undefined
      ? { apiVersion: 'v1', kind: 'Pod', namespace, name: pod, ...(podUid === undefined ? {} : { uid: podUid }) }
      : // The kubelet names nodes in its Events by their names instead of their uids, too.
        { apiVersion: 'v1', kind: 'Node', name: node, uid: node };
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { generateName: 'detector-', namespace: 'namespace' in regarding ? regarding.namespace : 'default' },
    eventTime: alert.time.replace(/(\.\d{6})\d*/, '$1'),
    reportingController: 'kubedrill.dev/detector',
    reportingInstance: `detector-${node}`.slice(0, 128),
    action: 'Alert',
    reason: alert.rule.slice(0, MAX_REASON),
    type: 'Warning',
    note: cutToBytes(alert.output, MAX_NOTE_BYTES),
    regarding,
  };
}

function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let cut = text.slice(0, bytes - 3);
  while (Buffer.byteLength(cut) > bytes - 3) cut = cut.slice(0, -1);
  return `${cut}…`;
}
