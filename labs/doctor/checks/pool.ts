import type { DoctorCheck } from '../check.ts';
import type { PoolFacts } from '../../pool/facts.ts';

export const poolCheck: DoctorCheck = {
  id: 'pool',
  look: ({ pool }) =>
    pool === undefined
      ? []
      : [
          {
            id: 'pool',
            says: `the pool has its ${String(pool.size)} prepared lab${pool.size === 1 ? '' : 's'}`,
            ok: pool.prepared >= pool.size || pool.filling.kind === 'running',
            observed: observed(pool),
            severity: 'advised',
            fix: {
              kind: 'manual',
              says: 'fill it here and now, or end it',
              commands: [`kubedrill pool ${String(pool.size)}`, 'kubedrill down --pool'],
            },
          },
        ],
};

function observed({ prepared, filling }: PoolFacts): string {
  if (filling.kind === 'running') return `${String(prepared)}, and process ${String(filling.pid)} is filling it`;
  return filling.kind === 'failed' ? `${String(prepared)}; ${filling.what}: ${filling.why}` : String(prepared);
}
