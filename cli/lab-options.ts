import { z } from 'zod';
import type { UpOptions } from '../labs/index.ts';
import type { OptionSpec } from './command.ts';

/** What kind of lab is meant, for the commands that make labs. */
export const LAB_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--topology <name>',
    says: 'single (1 node), std (1 control plane, 2 workers: the default), ha (3 and 2)',
  },
  { flags: '--addons <set>', says: 'core (probes, detector), std (and ingress with a shop: the default), full' },
  { flags: '--cni <name>', says: 'default or cilium' },
  { flags: '--audit <way>', says: 'how the detector hears of requests: log (the default), webhook or both' },
  { flags: '--kubernetes <version>', says: 'Kubernetes version, e.g. 1.35.4' },
  { flags: '--open-egress', says: 'leave the egress guard away: nodes may reach what is outside this machine' },
];

export const labOptions = z.object({
  topology: z.enum(['single', 'std', 'ha']).optional(),
  addons: z.enum(['core', 'std', 'full']).optional(),
  cni: z.enum(['default', 'cilium']).optional(),
  audit: z.enum(['log', 'webhook', 'both']).optional(),
  kubernetes: z
    .string()
    .regex(/^v?\d+\.\d+\.\d+$/, 'must look like 1.35.4')
    .optional(),
  openEgress: z.boolean().default(false),
});

/** The same as the rooms below want it. */
export function upOptionsOf({
  topology,
  addons,
  cni,
  audit,
  kubernetes,
  openEgress,
}: z.infer<typeof labOptions>): UpOptions {
  return {
    ...(topology === undefined ? {} : { topology }),
    ...(addons === undefined ? {} : { addons }),
    ...(cni === undefined ? {} : { cni }),
    ...(audit === undefined ? {} : { audit }),
    ...(kubernetes === undefined ? {} : { kubernetesVersion: kubernetes.replace(/^v/, '') }),
    egress: openEgress ? 'open' : 'guarded',
  };
}
