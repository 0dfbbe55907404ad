import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { ExitCode, KubedrillError, messageOf } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult, type CliContext } from '../context.ts';
import { explanationText } from '../render/explanation.ts';
import { matrixPage } from '../render/matrix-page/page.ts';
import { matrixText } from '../render/matrix.ts';

export const command = defineCommand({
  options: [
    { flags: '--all', says: 'list every cell, not only those that failed or were skipped' },
    { flags: '--html <file>', says: 'also write the matrix as one HTML page that needs nothing else' },
    { flags: '--explain <cell>', says: 'follow one cell hop by hop; its name as printed, or some words of it' },
    { flags: '--rules', says: 'with --explain: show every rule on the way' },
  ],
  examples: [
    'kubedrill net matrix --html network.html',
    "kubedrill net matrix --explain 'lab-worker/pod-a -> service all'",
    'kubedrill net matrix --explain M9',
  ],
  input: z
    .object({
      all: z.boolean().default(false),
      html: z.string().optional(),
      explain: z.string().optional(),
      rules: z.boolean().default(false),
    })
    .refine(
      ({ html, explain }) => html === undefined || explain === undefined,
      '--explain writes no page: leave --html out',
    ),
  async run({ all, html, explain, rules }, context) {
    if (explain !== undefined) return explainOne(explain, rules ? 'rules' : 'hops', context);
    const { measureMatrix } = await import('../../network/index.ts');
    const session = await context.session();
    const report = await context.reporter.stage('measuring the network', () => measureMatrix(session));
    if (html !== undefined) await writePage(html, matrixPage(report, session.lab.name));
    printResult(context, report, () => matrixText(report, all ? 'all' : 'failed', context.style));
    return Object.values(report.requirements).every(({ ok }) => ok) ? ExitCode.done : ExitCode.notPassed;
  },
});

async function explainOne(cell: string, detail: 'hops' | 'rules', context: CliContext): Promise<ExitCode> {
  const { explainCell } = await import('../../network/index.ts');
  const session = await context.session();
  const explanation = await context.reporter.stage('measuring and following', () => explainCell(session, cell));
  printResult(context, explanation, () => explanationText(explanation, detail, context.style));
  return explanation.verdict.ok ? ExitCode.done : ExitCode.notPassed;
}

async function writePage(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page);
  } catch (error) {
    throw new KubedrillError({
      what: `the page could not be written to ${file}`,
      why: messageOf(error),
      hint: 'kubedrill net matrix --html network.html',
    });
  }
}
