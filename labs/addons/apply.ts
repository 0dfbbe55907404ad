import {
  KubeError,
  KubedrillError,
  done,
  notYet,
  waitFor,
  type Clock,
  type KubeClient,
  type KubeObject,
} from '../../core/index.ts';

/** What others refer to; applied before the rest, so that nothing has to be tried twice. */
const FIRST_KINDS = [
  'Namespace',
  'CustomResourceDefinition',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'ConfigMap',
  'Secret',
];
const APPLY_TIMEOUT_MS = 60_000;

interface ApplyOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Applies the objects: namespaces first, then what others refer to, then the rest, each group at once. A young API server refuses for a
 * while what it allows a second later (RBAC not filled in, kinds not served yet), so every refusal but "invalid" is tried again for a minute.
 */
export async function applyAll(kube: KubeClient, objects: readonly KubeObject[], options: ApplyOptions): Promise<void> {
  for (const group of applyGroups(objects)) {
    await Promise.all(group.map((object) => applyOne(kube, object, options)));
  }
}

/** The objects in the order in which they are applied. */
export function applyGroups(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const rank = ({ kind }: KubeObject): number => (kind === 'Namespace' ? 0 : FIRST_KINDS.includes(kind) ? 1 : 2);
  return [0, 1, 2]
    .map((wanted) => objects.filter((object) => rank(object) === wanted))
    .filter((group) => group.length > 0);
}

async function applyOne(kube: KubeClient, object: KubeObject, { clock, signal }: ApplyOptions): Promise<void> {
  const name = `${object.kind} ${object.metadata.name}`;
  const refused = await waitFor(
    async () => {
      try {
        await kube.apply(object);
        return done(undefined);
      } catch (error) {
        return isFinal(error) ? done(error) : notYet(error instanceof Error ? error.message : String(error));
      }
    },
    {
      what: `the API server to take ${name}`,
      timeoutMs: APPLY_TIMEOUT_MS,
      clock,
      ...(signal === undefined ? {} : { signal }),
    },
  );
  if (refused === undefined) return;
  throw new KubedrillError({
    what: `${name} could not be applied`,
    why: refused instanceof KubedrillError ? refused.why : 'it was refused',
    hint: 'this is a fault of kubedrill: please report it',
    cause: refused,
  });
}

function isFinal(error: unknown): error is KubeError {
  return error instanceof KubeError && (error.status === 400 || error.status === 422);
}
