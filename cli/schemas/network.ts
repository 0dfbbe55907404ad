import { z } from 'zod';

const requirement = z.strictObject({ ok: z.boolean(), cells: z.int().nonnegative(), failed: z.array(z.string()) });

/** `kubedrill net matrix --json`. */
export const matrixSchema = z.strictObject({
  apiVersion: z.literal('kubedrill/v1'),
  takenAt: z.iso.datetime(),
  tookMs: z.number().nonnegative(),
  cells: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      row: z.string(),
      path: z.string(),
      protocol: z.enum(['tcp', 'udp', 'http', 'https', 'dns']),
      ok: z.boolean(),
      skipped: z.string().optional(),
      error: z.string().optional(),
      detail: z.string().optional(),
      sentSource: z.string().optional(),
      observedSource: z.string().optional(),
      expectedSource: z.string().optional(),
      answeredBy: z.string().optional(),
      requirement: z.string(),
      tries: z.int().positive().optional(),
      ms: z.number().nonnegative(),
    }),
  ),
  requirements: z.record(z.string(), requirement),
});

/**
 * A line of `kubedrill net watch --json`: a path that changed its state. `t` is CLOCK_MONOTONIC in milliseconds, `ms` the length of
 * the stretch that ended.
 */
export const transitionSchema = z.strictObject({
  t: z.number(),
  path: z.string(),
  ok: z.boolean(),
  error: z.string().optional(),
  ms: z.number().nonnegative(),
});
