import { z } from 'zod';

const apiVersion = z.literal('kubedrill/v1');
const source = z.enum(['syscall', 'k8s_audit']);

/** `kubedrill detector fields --json`. */
export const fieldListSchema = z.strictObject({
  apiVersion,
  fields: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      isList: z.boolean(),
      argument: z.enum(['none', 'optional', 'required']),
      argumentKind: z.enum(['index', 'key', 'any']).optional(),
      sources: z.array(source).min(1),
      isProvided: z.boolean(),
      providedArguments: z.array(z.string()).optional(),
      isDeprecated: z.boolean(),
      description: z.string().min(1),
    }),
  ),
});
