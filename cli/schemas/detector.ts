import { z, type ZodType } from 'zod';
import type { Explained } from '../../detector/index.ts';

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

const verdict = z.enum(['true', 'false', 'missing', 'undecided']);
const seenField = z.strictObject({
  name: z.string(),
  state: z.enum(['value', 'missing', 'unknown']),
  values: z.array(z.string()),
});
const part = { verdict, isDecisive: z.boolean() };
/** The condition as a tree. Every part has its answer; `isDecisive` marks those that the answer of the whole rests on. */
const explained: ZodType<Explained> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['and', 'or']), ...part, operands: z.array(explained) }),
    z.strictObject({ kind: z.literal('not'), ...part, operand: explained }),
    z.strictObject({ kind: z.literal('macro'), ...part, name: z.string(), body: explained }),
    z.strictObject({ kind: z.literal('check'), ...part, text: z.string(), fields: z.array(seenField) }),
  ]),
);
const obstacle = z.strictObject({
  kind: z.enum(['disabled', 'selection', 'priority', 'source', 'event-type']),
  says: z.string(),
});
const reason = z.strictObject({
  text: z.string(),
  verdict,
  fields: z.array(seenField),
  macros: z.array(z.string()),
});
const count = z.int().nonnegative();
const place = z.strictObject({ file: z.string(), line: z.int().positive(), column: z.int().positive() });

const fulfilledEvent = z.strictObject({ event: count, overtakenBy: z.string().optional() });
const explainedEvent = z.strictObject({
  event: count,
  type: z.string(),
  verdict,
  obstacles: z.array(obstacle),
  conditions: z.strictObject({ holding: count, of: count }),
  because: z.array(reason),
  besides: z.array(reason),
  undecided: z.array(z.string()),
  condition: explained.optional(),
});

/** `kubedrill detector why --events … --json`. */
export const whySchema = z.strictObject({
  apiVersion,
  rule: z.string(),
  source,
  priority: z.string(),
  place,
  fires: z.boolean(),
  obstacles: z.array(obstacle),
  events: z.strictObject({ read: count, ofSource: count, ofType: count }),
  fulfilled: z.array(fulfilledEvent),
  explained: z.array(explainedEvent),
});

/** Where and when; nodes number their events each for itself. */
const seen = z.strictObject({ node: z.string(), time: z.string().optional() });

/** `kubedrill detector why --json`, of a lab. */
export const liveWhySchema = whySchema.extend({
  fulfilled: z.array(fulfilledEvent.extend({ seen })),
  explained: z.array(explainedEvent.extend({ seen })),
  silent: z.array(z.strictObject({ node: z.string(), why: z.string() })),
});

const percent = z.int().min(0).max(100);

/** `kubedrill detector test --json`: the results that fail come first. */
export const ruleTestSchema = z.strictObject({
  apiVersion,
  successful: z.boolean(),
  passed: count,
  failed: count,
  results: z.array(
    z.strictObject({
      rule: z.string(),
      says: z.string(),
      expected: z.enum(['fires', 'silent']),
      place,
      problem: z.string().optional(),
      because: z.array(reason).optional(),
    }),
  ),
  coverage: z.strictObject({
    percent,
    rules: z.array(
      z.strictObject({
        rule: z.string(),
        percent,
        answers: z.strictObject({ seen: count, of: count }),
        never: z.array(
          z.strictObject({ text: z.string(), never: z.enum(['true', 'false']), macros: z.array(z.string()) }),
        ),
      }),
    ),
  }),
});
