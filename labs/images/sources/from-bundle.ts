import { loadBundle } from '../bundle.ts';
import { notAvailable, obtained, type NodeImageSource } from './source.ts';

/** Source 2: a file that `saveBundle` wrote on another machine. */
export const fromBundle: NodeImageSource = {
  name: 'an offline bundle',
  obtain: async ({ bundle, release, arch, ...deps }) => {
    if (bundle === undefined) return notAvailable('none was given');
    const loaded = await loadBundle({ ...deps, file: bundle });
    if (loaded.kubernetesVersion !== release.version)
      return notAvailable(`${bundle} holds Kubernetes ${loaded.kubernetesVersion}, wanted is ${release.version}`);
    if (loaded.arch !== arch) return notAvailable(`${bundle} is for ${loaded.arch}, wanted is ${arch}`);
    return obtained(loaded.node);
  },
};
