import { z } from 'zod';

const apiVersion = z.literal('kubedrill/v1');

const requirement = z.strictObject({ ok: z.boolean(), cells: z.int().nonnegative(), failed: z.array(z.string()) });

/** `kubedrill grade --json`. */
export const gradeSchema = z.strictObject({
  apiVersion,
  scenario: z.string(),
  slug: z.string(),
  variant: z.string(),
  seed: z.int().nonnegative(),
  run: z.string(),
  passed: z.boolean(),
  score: z.number().nonnegative(),
  max: z.number().positive(),
  inconclusive: z.boolean(),
  inconclusiveReasons: z.array(z.string()),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      says: z.string(),
      ok: z.boolean(),
      observed: z.string(),
      points: z.number().nonnegative(),
      max: z.number().nonnegative(),
    }),
  ),
  requirements: z.record(z.string(), requirement),
  outages: z.array(
    z.strictObject({
      path: z.string(),
      firstFailure: z.number(),
      lastFailure: z.number(),
      outageMs: z.number().nonnegative(),
      open: z.boolean(),
      error: z.string(),
    }),
  ),
  alerts: z.array(
    z.strictObject({
      rule: z.string(),
      expected: z.enum(['must', 'may', 'never']),
      deadlineMs: z.number().nonnegative(),
      actor: z.enum(['injector', 'learner', 'system']),
      observed: z.int().nonnegative(),
      firstLatencyMs: z.number().nullable(),
    }),
  ),
  answers: z.record(z.string(), z.string()),
  detectorDrops: z.int().nonnegative(),
  hintsUsed: z.int().nonnegative(),
});

/** `kubedrill stop --json`. */
export const stopSchema = z.strictObject({
  apiVersion,
  scenario: z.string(),
  run: z.string(),
  residue: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('node'),
        node: z.string(),
        table: z.string(),
        line: z.string(),
        change: z.enum(['added', 'missing']),
      }),
      z.strictObject({
        kind: z.literal('object'),
        object: z.string(),
        change: z.enum(['added', 'missing', 'changed']),
        detail: z.string(),
      }),
    ]),
  ),
  tookMs: z.number().nonnegative(),
  notes: z.array(z.string()),
});
