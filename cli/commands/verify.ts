import { z } from 'zod';
import { ExitCode, usageError } from '../../core/index.ts';
import type { VerifyReport } from '../../scenarios/index.ts';
import { defineCommand } from '../command.ts';
import { printResult, type CliContext } from '../context.ts';
import { verifyText } from '../render/verify.ts';

interface Shard {
  readonly index: number;
  readonly of: number;
}

export const command = defineCommand({
  args: [{ syntax: '[ids...]', says: 'challenges' }],
  options: [
    { flags: '--all', says: 'every challenge' },
    { flags: '--shard <i/n>', says: 'every n-th challenge, from the i-th' },
    { flags: '--resume', says: 'skip what passed before with the same content' },
    { flags: '--seed <n>', says: 'the seed to play' },
    { flags: '--variant <id>', says: 'the variant to play' },
    { flags: '--only <round>', says: 'only this round, e.g. reference or cheat:NAME', many: 'many' },
  ],
  examples: ['kubedrill verify S01', 'kubedrill verify --all --resume', 'kubedrill verify S02 --only reference'],
  input: z.object({
    ids: z.array(z.string()).default([]),
    all: z.boolean().default(false),
    shard: z
      .string()
      .regex(/^[1-9]\d*\/[1-9]\d*$/, 'must look like 1/3')
      .optional(),
    resume: z.boolean().default(false),
    seed: z.coerce.number().int().nonnegative().optional(),
    variant: z.string().optional(),
    only: z.array(z.string()).default([]),
  }),
  async run({ ids, all, shard, resume, seed, variant, only }, context) {
    const { verifyScenario } = await import('../../scenarios/index.ts');
    const chosen = await choose(ids, all ? 'all' : 'named', shard);
    const session = await context.session();
    const reports: VerifyReport[] = [];
    for (const id of chosen) {
      const options = {
        resume,
        ...(seed === undefined ? {} : { seed }),
        ...(variant === undefined ? {} : { variant }),
        ...(only.length === 0 ? {} : { only }),
      };
      const report = await verifyScenario(session, id, options, context.reporter);
      if (context.globals.format === 'text') context.io.out(verifyText(report, context.style));
      reports.push(report);
    }
    return finish(reports, context);
  },
});

function finish(reports: readonly VerifyReport[], context: CliContext): ExitCode {
  const ok = reports.every((report) => report.ok);
  if (context.globals.format === 'json') printResult(context, { ok, reports }, () => '');
  return ok ? ExitCode.done : ExitCode.notPassed;
}

async function choose(
  ids: readonly string[],
  scope: 'all' | 'named',
  shard: string | undefined,
): Promise<readonly string[]> {
  const { findScenario, listScenarios } = await import('../../scenarios/index.ts');
  if (scope === 'named' && ids.length === 0) {
    throw usageError({
      what: 'no challenge to verify',
      why: 'neither a name nor --all was given',
      hint: 'kubedrill verify S01, or kubedrill verify --all',
    });
  }
  const found = scope === 'all' ? await listScenarios() : await Promise.all(ids.map((id) => findScenario(id)));
  const { index, of } = shardOf(shard);
  return found.map(({ id }) => id).filter((_, position) => position % of === index - 1);
}

function shardOf(text: string | undefined): Shard {
  const [index = 1, of = 1] = (text ?? '1/1').split('/').map(Number);
  if (index <= of) return { index, of };
  throw usageError({
    what: 'there is no such shard',
    why: `${String(index)} is above ${String(of)}`,
    hint: '--shard 1/3',
  });
}
