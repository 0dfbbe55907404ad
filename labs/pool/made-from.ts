import { auditSourcesOf } from '../addons/audit-sources.ts';
import { addonsOf } from '../addons/registry.ts';
import type { EngineFacts } from '../engine/facts.ts';
import { labImagesState } from '../images/index.ts';
import { fingerprint } from '../images/build/fingerprint.ts';
import { addonContextOf } from '../open-session.ts';
import { auditPolicy } from '../provider/audit-policy.ts';
import { hostTraits } from '../provider/host-traits.ts';
import { kindConfig, type HostTraits } from '../provider/kind-config.ts';
import { corednsPatch } from '../provider/kubeadm-patches.ts';
import { topologyOf } from '../provider/topology.ts';
import type { LabDeps, LabRecord } from '../session.ts';

/**
 * Everything of the program that a lab is made from, as one fingerprint: images (which hold our programs and the sensor), the add-ons' objects with
 * the detector's rules in them, kind's and kubeadm's configuration, the audit policy.
 */
export function madeFrom(record: LabRecord, images: LabRecord['images'], host: HostTraits): string {
  const config = kindConfig({
    lab: record.cluster,
    topology: topologyOf(record.topology),
    nodeImage: images.node,
    host,
    frontDoor: record.frontDoor === undefined ? 'none' : 'published',
    cni: record.cni,
    audit: record.audit,
    controlPlaneConfigFolder: '',
  });
  const context = addonContextOf({ ...record, images });
  const server = record.audit === 'log' ? undefined : ANY_SERVER;
  const objects = addonsOf(record.addons, auditSourcesOf(record.audit, server)).flatMap((addon) =>
    addon.manifests(context),
  );
  return fingerprint([images, config, objects, auditPolicy(), corednsPatch()]);
}

/** Every lab has certificates of its own. */
const ANY_SERVER = { certificate: '', key: '', clientAuthority: '' };

/** What this program would make the lab from now; undefined when it has no images for that yet. */
export async function madeFromNow(deps: LabDeps, record: LabRecord, engine: EngineFacts): Promise<string | undefined> {
  const [state, host] = await Promise.all([
    labImagesState({ ...deps, kubernetesVersion: record.kubernetesVersion }),
    hostTraits(engine),
  ]);
  if (state.kind === 'absent') return undefined;
  const { node, toolbox, traefik } = state.images;
  return madeFrom(record, { node, toolbox, ...(traefik === undefined ? {} : { traefik }) }, host);
}
