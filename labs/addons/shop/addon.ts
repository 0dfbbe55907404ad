import type { Addon, AddonProbe, CheckResult } from '../../../core/index.ts';
import { podChecks } from '../../readiness.ts';
import { SHOP_NAMESPACE, shopManifests } from './manifests.ts';

/** The standing lab of the catalogue (§1.3): what the challenges break, and what the learner keeps up. */
export function shopAddon(): Addon {
  return { name: 'shop', programs: [], manifests: shopManifests, ready };
}

function ready({ kube }: AddonProbe): Promise<readonly CheckResult[]> {
  return podChecks(kube, [SHOP_NAMESPACE]);
}
