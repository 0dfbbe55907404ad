import { readFile } from 'node:fs/promises';
import type { LabMaterials } from './build-lab.ts';
import { WANTED_INSTANCES } from './doctor/checks/inotify.ts';
import type { EngineFacts } from './engine/facts.ts';
import { DEFAULT_KUBERNETES, obtainLabImages } from './images/index.ts';
import type { UpPlan } from './plan.ts';
import { hostTraits } from './provider/host-traits.ts';
import { kindProvider } from './provider/kind.ts';
import type { LabDeps } from './session.ts';
import { obtainKind } from './tools/index.ts';

/** kind and the images, from caches where they have them; how this machine is. */
export async function materialsFor(deps: LabDeps, plan: UpPlan, engine: EngineFacts): Promise<LabMaterials> {
  await warnOfLimits(deps);
  const kubernetesVersion = plan.kubernetesVersion ?? DEFAULT_KUBERNETES;
  const [kind, { node, toolbox, traefik }, host] = await Promise.all([
    obtainKind(deps),
    obtainLabImages({ ...deps, kubernetesVersion }),
    hostTraits(engine),
  ]);
  return {
    provider: kindProvider(deps.runner, kind),
    images: { node, toolbox, ...(traefik === undefined ? {} : { traefik }) },
    kubernetesVersion,
    host,
  };
}

async function warnOfLimits({ reporter }: LabDeps): Promise<void> {
  const text = await readFile('/proc/sys/fs/inotify/max_user_instances', 'utf8').catch(() => undefined);
  if (text === undefined || Number(text) >= WANTED_INSTANCES) return;
  reporter.warn(
    `fs.inotify.max_user_instances is ${text.trim()}: kubelets may not start (kubedrill doctor --fix raises it)`,
  );
}
