import type { MeterPath, MeterTarget } from '../../../network/index.ts';
import type { RouteParameters } from './parameters.ts';

const PROTOCOLS = ['tcp', 'udp'] as const;

/**
 * Pod to pod between the two, both ways and over both protocols. Where the pods are is in the standard paths: one of them leads to a pod
 * of each machine.
 */
export function pairPaths({ pair }: RouteParameters, standard: readonly MeterPath[]): readonly MeterPath[] {
  const [one, other] = pair;
  return [
    [one, other],
    [other, one],
  ].flatMap(([from = '', to = '']) =>
    PROTOCOLS.flatMap((kind) => {
      const target = standard.map((path) => path.target).find((known) => leadsTo(known, `${to}/pod-a`));
      return target === undefined
        ? []
        : [{ name: pathName(from, kind), from: `${from}/pod-b`, target: { ...target, kind } }];
    }),
  );
}

function leadsTo(target: MeterTarget, pod: string): target is FreshTarget {
  return target.kind === 'tcp' && target.answerers?.length === 1 && target.answerers[0] === pod;
}

type FreshTarget = Extract<MeterTarget, { readonly kind: 'tcp' | 'udp' | 'http' }>;

/** Names of the paths over these protocols. */
export function pairPathNames(
  { pair }: RouteParameters,
  protocol: RouteParameters['protocol'] = 'all',
): readonly string[] {
  const kinds = PROTOCOLS.filter((kind) => protocol === 'all' || protocol === kind);
  return pair.flatMap((node) => kinds.map((kind) => pathName(node, kind)));
}

function pathName(from: string, kind: string): string {
  return `o.pods-${kind}@${from}`;
}
