import { messageOf } from '../../core/index.ts';
import { egressGuardStatus, type GuardRequest } from '../egress/index.ts';
import { listLabs } from '../status.ts';
import type { LabDeps, LabRecord } from '../session.ts';

/** The egress guard of one lab that wants one. */
export interface GuardFacts {
  readonly lab: string;
  readonly request: GuardRequest;
  readonly ok: boolean;
  readonly observed: string;
}

/** Looks at the egress guards of all labs that are up with one. */
export async function guardFacts(deps: LabDeps): Promise<readonly GuardFacts[]> {
  const labs = await listLabs(deps);
  const records = labs.flatMap(({ record, state }) => (record?.egressGuard && state === 'running' ? [record] : []));
  return Promise.all(records.map((record) => guardOf(deps, record)));
}

async function guardOf(deps: LabDeps, record: LabRecord): Promise<GuardFacts> {
  const request = {
    networkName: record.network.name,
    bridge: record.network.bridge,
    toolboxImage: record.images.toolbox,
  };
  try {
    const { ok, families } = await egressGuardStatus(deps, request);
    const observed = families.map((family) => `${family.family}: ${family.observed}`).join('; ');
    return { lab: record.name, request, ok, observed };
  } catch (error) {
    return { lab: record.name, request, ok: false, observed: messageOf(error) };
  }
}
