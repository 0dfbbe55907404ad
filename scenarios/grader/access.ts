import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectKube, type KubeClient, type KubeObject } from '../../core/index.ts';
import type { Session } from '../../labs/index.ts';
import { issueCertificate, kubeconfigFor } from '../cluster/kubeconfig.ts';

/** The API user that looks. It is among the known users of the detector's rules. */
const GRADER = 'kubedrill-grader';
const RBAC = 'rbac.authorization.k8s.io/v1';
const metadata = { name: GRADER, labels: { 'app.kubernetes.io/part-of': 'kubedrill' } };

/**
 * What observing needs: to read everything, for a picture is of everything, and to ask who may do what. Acting checks do what a learner could, with the
 * lab's own rights.
 */
export const GRADER_ACCESS: readonly KubeObject[] = [
  rbacObject('ClusterRole', {
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] },
      { nonResourceURLs: ['*'], verbs: ['get'] },
      { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
    ],
  }),
  rbacObject('ClusterRoleBinding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: GRADER },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: GRADER }],
  }),
];

function rbacObject(kind: string, content: Readonly<Record<string, unknown>>): KubeObject {
  return { apiVersion: RBAC, kind, metadata, ...content };
}

/** Gives the grader its rights and a kubeconfig of its own, in the lab's state folder. They are the lab's and outlive the run. */
export async function prepareGrader(session: Session): Promise<void> {
  for (const object of GRADER_ACCESS) await session.kube.apply(object);
  const certificate = await issueCertificate({ session }, GRADER, []);
  const kubeconfig = await kubeconfigFor({ session }, certificate, 'host');
  await writeFile(kubeconfigFile(session), kubeconfig, { mode: 0o600 });
}

/** The API server through the grader's own eyes; undefined when it has none (yet), or they were taken away. */
export async function graderKube(session: Session): Promise<KubeClient | undefined> {
  const kubeconfig = await readFile(kubeconfigFile(session), 'utf8').catch(() => undefined);
  if (kubeconfig === undefined) return undefined;
  const kube = await connectKube({ kubeconfig });
  const answer = await kube.raw('GET', '/api/v1/nodes?limit=1').catch(() => undefined);
  return answer?.status === 200 ? kube : undefined;
}

function kubeconfigFile({ folder }: Pick<Session, 'folder'>): string {
  return join(folder, 'grader.kubeconfig');
}
