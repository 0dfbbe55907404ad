import type { Binding } from '../cluster/objects.ts';
import type { CheckContext, Finding } from '../define.ts';

/** A component's own rights, which may be bound to it under any name. */
export interface OwnRights {
  /** Name of the ClusterRole. */
  readonly role: string;
  readonly serviceAccount: { readonly namespace: string; readonly name: string };
  /** The user that it is without a ServiceAccount. */
  readonly user?: string;
}

/** No role and no binding gives more than in the picture from before; a binding of the component's own role is fine under any name. */
export async function rightsAreNoWider(context: CheckContext<unknown>, own: OwnRights): Promise<Finding> {
  const [before, now] = await Promise.all([context.before(), context.now()]);
  const changes = context.env.labs
    .compareSnapshots(before, now)
    .flatMap((residue) => (residue.kind === 'object' ? [residue] : []))
    .filter(({ object }) => /^rbac\.authorization\.k8s\.io\/v1\/(Cluster)?Role(Binding)?\//.test(object));
  const wider = changes.filter(({ object, change }) => change !== 'missing' && !isOwn(now.objects[object], own));
  if (wider.length === 0) return { ok: true, observed: 'roles and bindings are as before' };
  return { ok: false, observed: wider.map(({ object, change }) => `${change}: ${object}`).join('; ') };
}

function isOwn(text: string | undefined, { role, serviceAccount, user }: OwnRights): boolean {
  const { roleRef, subjects = [] } = JSON.parse(text ?? '{}') as Partial<Binding>;
  return (
    roleRef?.kind === 'ClusterRole' &&
    roleRef.name === role &&
    subjects.every(({ kind, name, namespace }) =>
      kind === 'ServiceAccount'
        ? name === serviceAccount.name && namespace === serviceAccount.namespace
        : name === user,
    )
  );
}
