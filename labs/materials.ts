import { readFile } from 'node:fs/promises';
import type { LabMaterials } from './build-lab.ts';
import { gib } from './doctor/check.ts';
import { WANTED_INSTANCES } from './doctor/checks/inotify.ts';
import type { EngineFacts } from './engine/facts.ts';
import { availableBytes } from './engine/memory.ts';
import { DEFAULT_KUBERNETES, architectureFrom, obtainLabImages, obtainLoadBalancerImage } from './images/index.ts';
import type { UpPlan } from './plan.ts';
import { hostTraits } from './provider/host-traits.ts';
import { kindProvider } from './provider/kind.ts';
import { labMemoryBytes } from './provider/topology.ts';
import type { LabDeps } from './session.ts';
import { KIND_FOR_HA, obtainKind } from './tools/index.ts';

/** kind and the images, from caches where they have them; how this machine is. */
export async function materialsFor(deps: LabDeps, plan: UpPlan, engine: EngineFacts): Promise<LabMaterials> {
  await warnOfLimits(deps, plan);
  const kubernetesVersion = plan.kubernetesVersion ?? DEFAULT_KUBERNETES;
  const isBalanced = plan.topology.controlPlanes > 1;
  const [kind, { node, toolbox, traefik }, host] = await Promise.all([
    obtainKind({ ...deps, ...(isBalanced ? { version: KIND_FOR_HA } : {}) }),
    obtainLabImages({ ...deps, kubernetesVersion }),
    hostTraits(engine),
    ...(isBalanced ? [obtainLoadBalancerImage({ ...deps, arch: architectureFrom(deps.env, process.arch) })] : []),
  ]);
  return {
    provider: kindProvider(deps.runner, kind),
    images: { node, toolbox, ...(traefik === undefined ? {} : { traefik }) },
    kubernetesVersion,
    host,
  };
}

async function warnOfLimits({ reporter }: LabDeps, { topology }: UpPlan): Promise<void> {
  const [freeBytes, wantedBytes] = [await availableBytes(), labMemoryBytes(topology)];
  if (freeBytes !== undefined && freeBytes < wantedBytes) {
    reporter.warn(`the lab takes ${gib(wantedBytes)} of memory, and ${gib(freeBytes)} are free`);
  }
  const text = await readFile('/proc/sys/fs/inotify/max_user_instances', 'utf8').catch(() => undefined);
  if (text === undefined || Number(text) >= WANTED_INSTANCES) return;
  reporter.warn(
    `fs.inotify.max_user_instances is ${text.trim()}: kubelets may not start (kubedrill doctor --fix raises it)`,
  );
}
