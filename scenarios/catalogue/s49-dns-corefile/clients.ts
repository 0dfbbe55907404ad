import type { LabSnapshot } from '../../../labs/index.ts';
import type { CheckContext, Finding } from '../../define.ts';

/** What in a pod decides how it finds the address of a name. */
const WAYS = ['dnsPolicy', 'dnsConfig', 'hostAliases', 'hostNetwork'] as const;

/** No workload from before resolves names in another way than it did: it is DNS that has to be right, not those who ask. */
export async function clientsAskAsBefore(context: CheckContext<object>): Promise<Finding> {
  const [before, now] = await Promise.all([context.before(), context.now()]);
  const was = waysOf(before);
  const changed = [...waysOf(now)].filter(([key, way]) => was.has(key) && was.get(key) !== way).map(([key]) => key);
  if (changed.length === 0) return { ok: true, observed: `${String(was.size)} workloads resolve names as before` };
  return { ok: false, observed: `resolves names in another way than before: ${changed.join(', ')}` };
}

function waysOf({ objects }: LabSnapshot): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(objects)
      .filter(([key]) => /^apps\/v1\/(Deployment|StatefulSet|DaemonSet)\//.test(key))
      .map(([key, text]) => [key, wayOf(text)]),
  );
}

function wayOf(text: string): string {
  const { spec } = JSON.parse(text) as { readonly spec?: { readonly template?: { readonly spec?: object } } };
  const pod = (spec?.template?.spec ?? {}) as Readonly<Record<string, unknown>>;
  return JSON.stringify(WAYS.map((way) => pod[way] ?? null));
}
