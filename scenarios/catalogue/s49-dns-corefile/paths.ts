import type { RunEnvironment } from '../../ports.ts';
import type { MeterPath } from '../../../network/index.ts';
import { outsideName } from '../../checks/resolvers.ts';

/** A cluster name through CoreDNS; one of the standard paths. */
export const CLUSTER_NAMES = 'o.dns';
/** A name from outside the cluster through CoreDNS. */
export const OUTSIDE_NAMES = 'o.dnsx';

/** Names of both kinds, asked for by the same pod, and Services by their address, which must not notice. */
export function measuredPaths(env: RunEnvironment, standard: readonly MeterPath[]): readonly MeterPath[] {
  const clusterNames = standard.filter(({ name }) => name === CLUSTER_NAMES);
  const { name, address } = outsideName(env);
  const outsideNames = clusterNames.map(({ from }): MeterPath => ({
    name: OUTSIDE_NAMES,
    from,
    target: { kind: 'dns', name: `${name}.`, expect: [address] },
  }));
  return [...clusterNames, ...outsideNames, ...standard.filter((path) => path.name.startsWith('o.svc@'))];
}
