import { withEngine } from './engine/require.ts';
import { withLabLock } from './lock.ts';
import { checkedLabName } from './names.ts';
import { refusePooledName } from './pool/index.ts';
import { removeLab } from './remove.ts';
import type { LabDeps } from './session.ts';

/**
 * Removes the lab's containers, network, egress guard and state folder; only what carries the lab's label. Also works when half of it is
 * gone already. Answers what was removed, as lines; an empty list when there was no such lab.
 */
export async function down(deps: LabDeps, name: string): Promise<readonly string[]> {
  const lab = checkedLabName(name);
  await refusePooledName(deps, lab);
  return withLabLock(deps, lab, 'down', () =>
    withEngine(deps, () => deps.reporter.stage(`Take the lab "${lab}" down`, () => removeLab(deps, lab))),
  );
}
