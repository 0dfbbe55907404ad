import type { Addon, AddonProbe, CheckResult } from '../../../core/index.ts';
import { podChecks } from '../../readiness.ts';
import { INGRESS_NAMESPACE, ingressManifests } from './manifests.ts';

/** The front door: Traefik with hostPorts 80 and 443 on the first worker, serving Ingresses of class `traefik`. */
export function ingressAddon(): Addon {
  return { name: 'ingress', programs: [], manifests: ingressManifests, ready };
}

function ready({ kube }: AddonProbe): Promise<readonly CheckResult[]> {
  return podChecks(kube, [INGRESS_NAMESPACE]);
}
