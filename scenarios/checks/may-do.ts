import type { RunEnvironment } from '../ports.ts';

/** Somebody wants to do something. */
export interface Attempt {
  readonly user: string;
  readonly groups: readonly string[];
  readonly act: {
    readonly namespace: string;
    readonly group?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly verb: string;
    readonly name?: string;
  };
}

/** Whether the API server's authorizers would let somebody do something. */
export async function mayDo({ session }: RunEnvironment, { user, groups, act }: Attempt): Promise<boolean> {
  const answer = await session.kube.raw('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, groups: [...groups, 'system:authenticated'], resourceAttributes: act },
  });
  const review = JSON.parse(answer.text) as { readonly status?: { readonly allowed?: boolean } };
  return review.status?.allowed === true;
}
