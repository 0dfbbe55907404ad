import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';

export const command = defineCommand({
  options: [
    { flags: '--kubernetes <version>', says: 'Kubernetes version, e.g. 1.35.4' },
    { flags: '--arch <name>', says: 'amd64 or arm64; the default is that of this machine' },
    { flags: '--bundle <file>', says: 'a file written by kubedrill bundle save, to take the images from' },
    { flags: '--node-image <reference>', says: 'a node image in the engine to start from' },
  ],
  input: z.object({
    kubernetes: z.string().optional(),
    arch: z.enum(['amd64', 'arm64']).optional(),
    bundle: z.string().optional(),
    nodeImage: z.string().optional(),
  }),
  async run({ kubernetes, arch, bundle, nodeImage }, context) {
    const { obtainLabImages } = await import('../../labs/index.ts');
    const { runner, paths, reporter, signal } = context;
    const images = await obtainLabImages({
      ...{ runner, paths, reporter, signal },
      ...(kubernetes === undefined ? {} : { kubernetesVersion: kubernetes.replace(/^v/, '') }),
      ...(arch === undefined ? {} : { arch }),
      ...(bundle === undefined ? {} : { bundle }),
      ...(nodeImage === undefined ? {} : { nodeImage }),
    });
    printResult(context, { apiVersion: API_VERSION, ...images }, () => {
      const lines = [
        `node     ${images.node}`,
        `toolbox  ${images.toolbox}`,
        ...(images.traefik === undefined ? [] : [`traefik  ${images.traefik}`]),
      ];
      return `${[...lines, `source   ${images.source}`, ...images.reasons.map((reason) => `         ${reason}`)].join('\n')}\n`;
    });
    return ExitCode.done;
  },
});
