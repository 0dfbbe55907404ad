import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { ExitCode, usageError } from '../../core/index.ts';
import type { VerifyDocument, VerifyOptions } from '../../scenarios/index.ts';
import { defineCommand } from '../command.ts';
import { printResult, type CliContext } from '../context.ts';
import { killCommand, thisProgram } from '../kill-command.ts';
import { proofsPage } from '../render/proofs-page.ts';
import { verifyText } from '../render/verify.ts';
import { verifySchema } from '../schemas/verify.ts';
import { version } from '../version.ts';

const input = z.object({
  ids: z.array(z.string()).default([]),
  all: z.boolean().default(false),
  allVariants: z.boolean().default(false),
  universal: z.boolean().default(false),
  shard: z
    .string()
    .regex(/^[1-9]\d*\/[1-9]\d*$/, 'must look like 1/3')
    .default('1/1'),
  resume: z.boolean().default(false),
  seed: z.coerce.number().int().nonnegative().exactOptional(),
  variant: z.string().exactOptional(),
  only: z.array(z.string()).default([]),
  budget: z.coerce.number().positive().optional(),
  touched: z.array(z.string()).default([]),
  rotation: z.string().exactOptional(),
  report: z.string().optional(),
  merge: z.array(z.string()).default([]),
});
type Input = z.infer<typeof input>;

export const command = defineCommand({
  args: [{ syntax: '[ids...]', says: 'challenges' }],
  options: [
    { flags: '--all', says: 'every challenge with all its variants and the universal rounds' },
    { flags: '--all-variants', says: 'after the default variant also what the other ones have of their own' },
    { flags: '--universal', says: 'also kill -9 commands in each stage, and tamper with probes and detector' },
    { flags: '--shard <i/n>', says: 'the i-th of n parts that take about the same time' },
    { flags: '--resume', says: 'take over what passed before with the same code and content' },
    { flags: '--seed <n>', says: 'the seed to play' },
    { flags: '--variant <id>', says: 'the variant to play' },
    { flags: '--only <round>', says: 'only this round, e.g. reference or cheat:NAME', many: 'many' },
    { flags: '--budget <minutes>', says: 'play what matters most, and name what does not fit' },
    { flags: '--touched <file>', says: 'with a budget: a changed file, whose challenges come first', many: 'many' },
    { flags: '--rotation <text>', says: 'with a budget: what decides between equals, e.g. a commit' },
    { flags: '--report <file>', says: 'write the results as a page in Markdown' },
    { flags: '--merge <file>', says: 'no playing: put these results (--json) of shards together', many: 'many' },
  ],
  examples: [
    'kubedrill verify S01',
    'kubedrill verify --all --resume --report docs/proofs.md',
    'kubedrill verify --all --shard 1/2 --json > 1.json',
    'kubedrill verify --merge 1.json --merge 2.json --report docs/proofs.md',
    'kubedrill verify S02 --only reference',
  ],
  input,
  async run(given, context) {
    const found = given.merge.length > 0 ? await merged(given.merge) : await played(given, context);
    if (given.report !== undefined) await writeFile(given.report, proofsPage(found));
    printResult(context, found, () => verifyText(found, context.style));
    return found.ok ? ExitCode.done : ExitCode.notPassed;
  },
});

async function played(given: Input, context: CliContext): Promise<VerifyDocument> {
  const { documentOf, verifiedOn, verifyScenarios } = await import('../../scenarios/index.ts');
  const ids = await chosen(given);
  const options = optionsFrom(given, context);
  const session = await context.session();
  const reports = await verifyScenarios(session, ids, options, context.reporter);
  return documentOf(verifiedOn(session.lab, version()), reports);
}

function optionsFrom(given: Input, context: CliContext): VerifyOptions {
  const { all, allVariants, universal, shard, resume, seed, variant, only, budget, touched, rotation } = given;
  return {
    resume,
    touched,
    shard: shardFrom(shard),
    variants: all || allVariants ? 'all' : 'one',
    ...(all || universal ? { kill: killCommand(context, thisProgram(), context.globals.lab) } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(variant === undefined ? {} : { variant }),
    ...(only.length === 0 ? {} : { only }),
    ...(budget === undefined ? {} : { budgetMs: budget * 60_000 }),
    ...(rotation === undefined ? {} : { rotation }),
  };
}

async function chosen({ ids, all }: Input): Promise<readonly string[]> {
  const { findScenario, listScenarios } = await import('../../scenarios/index.ts');
  if (!all && ids.length === 0) {
    throw usageError({
      what: 'no challenge to verify',
      why: 'neither a name nor --all was given',
      hint: 'kubedrill verify S01, or kubedrill verify --all',
    });
  }
  const found = all ? await listScenarios() : await Promise.all(ids.map((id) => findScenario(id)));
  return found.map(({ id }) => id);
}

function shardFrom(text: string): NonNullable<VerifyOptions['shard']> {
  const [index = 1, of = 1] = text.split('/').map(Number);
  if (index <= of) return { index, of };
  throw usageError({
    what: 'there is no such shard',
    why: `${String(index)} is above ${String(of)}`,
    hint: '--shard 1/3',
  });
}

async function merged(files: readonly string[]): Promise<VerifyDocument> {
  const { mergeDocuments } = await import('../../scenarios/index.ts');
  const found = mergeDocuments(await Promise.all(files.map(readResult)));
  if (found) return found;
  throw usageError({
    what: 'these results cannot be put together',
    why: 'they are of different versions of kubedrill or Kubernetes, or of labs of different shapes',
    hint: 'verify the shards anew: kubedrill verify --all --shard 1/2 --json',
  });
}

async function readResult(file: string): Promise<VerifyDocument> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => String(error));
  const parsed = verifySchema.safeParse(jsonOrText(text));
  if (parsed.success) return parsed.data;
  throw usageError({
    what: `${file} is no result of verify`,
    why: parsed.error.issues[0]?.message ?? 'it cannot be read',
    hint: 'kubedrill verify --all --shard 1/2 --json > 1.json',
  });
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
