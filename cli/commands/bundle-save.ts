import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';

export const command = defineCommand({
  args: [{ syntax: '<file>', says: 'the file to write; .tar, .tar.gz or .tar.zst' }],
  options: [{ flags: '--kubernetes <version>', says: 'Kubernetes version, e.g. 1.35.4' }],
  examples: ['kubedrill bundle save kubedrill.tar.zst'],
  input: z.object({ file: z.string(), kubernetes: z.string().optional() }),
  async run({ file, kubernetes }, context) {
    const { DEFAULT_KUBERNETES, obtainLabImages, saveBundle } = await import('../../labs/index.ts');
    const { runner, paths, reporter, signal } = context;
    const kubernetesVersion = (kubernetes ?? DEFAULT_KUBERNETES).replace(/^v/, '');
    const { node, toolbox } = await obtainLabImages({ runner, paths, reporter, signal, kubernetesVersion });
    // The toolbox is also an image of its own: the keeper is made from it. Traefik is only needed inside the node image.
    const manifest = await saveBundle({ runner, paths, reporter, file, kubernetesVersion, node, others: [toolbox] });
    printResult(context, manifest, () => `${file}: ${manifest.images.join(', ')}\n`);
    return ExitCode.done;
  },
});
