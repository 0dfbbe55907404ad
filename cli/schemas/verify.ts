import { z } from 'zod';

const apiVersion = z.literal('kubedrill/v1');
const count = z.int().nonnegative();

const round = z.strictObject({
  name: z.string(),
  kind: z.enum(['reference', 'prediction', 'fix', 'cheat', 'killed', 'tampered']),
  ok: z.boolean(),
  problems: z.array(
    z.strictObject({
      kind: z.enum(['false-pass', 'false-fail', 'blind', 'unsteady', 'prediction', 'residue', 'error']),
      says: z.string(),
    }),
  ),
  tookMs: count,
  resumed: z.boolean(),
});

/** `kubedrill verify --json`; also what `verify --merge` reads. */
export const verifySchema = z.strictObject({
  apiVersion,
  on: z.strictObject({ version: z.string(), kubernetes: z.string(), topology: z.string() }),
  ok: z.boolean(),
  totals: z.strictObject({
    proofs: count,
    rounds: count,
    skipped: count,
    falsePasses: count,
    falseFails: count,
    otherProblems: count,
    residueCycles: count,
    killedCycles: count,
    residue: count,
  }),
  reports: z.array(
    z.strictObject({
      apiVersion,
      scenario: z.string(),
      slug: z.string(),
      variant: z.string(),
      seed: count,
      ok: z.boolean(),
      rounds: z.array(round),
      skipped: z.array(z.strictObject({ name: z.string(), why: z.string() })),
      tookMs: count,
    }),
  ),
});
