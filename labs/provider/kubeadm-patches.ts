import { CONTROL_PLANE_CONFIG_FOLDER } from './audit-policy.ts';

/** On a control-plane node. kubeadm reads the file's target and the kind of patch from its name. */
export const KUBEADM_PATCHES_FOLDER = `${CONTROL_PLANE_CONFIG_FOLDER}/kubeadm-patches`;
export const COREDNS_PATCH_FILE = 'corednsdeployment+strategic.yaml';

/**
 * CoreDNS is asked every second whether it is ready. By default it is asked as it starts, when it is not, and again 10 s later: the longest
 * wait of a new cluster. What takes it out of service again stays the same 30 s of failures.
 */
export function corednsPatch(): object {
  const readinessProbe = { periodSeconds: 1, failureThreshold: 30 };
  return { spec: { template: { spec: { containers: [{ name: 'coredns', readinessProbe }] } } } };
}
