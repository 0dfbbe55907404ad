import { z } from 'zod';
import { ExitCode, KubedrillError } from '../../core/index.ts';
import type { Finding } from '../../labs/index.ts';
import { defineCommand } from '../command.ts';
import { printResult, type CliContext } from '../context.ts';
import { findingsTable, fixList } from '../render/findings.ts';

export const command = defineCommand({
  options: [
    { flags: '--fix', says: 'install, start or change what is missing, after asking once' },
    { flags: '--topology <name>', says: 'for which lab the machine has to do: single, std (the default) or ha' },
  ],
  examples: ['kubedrill doctor', 'kubedrill doctor --topology ha', 'kubedrill doctor --fix --yes'],
  input: z.object({ fix: z.boolean().default(false), topology: z.enum(['single', 'std', 'ha']).optional() }),
  async run({ fix, topology }, context) {
    const { doctor } = await import('../../labs/index.ts');
    const options = { name: context.globals.lab, ...(topology === undefined ? {} : { topology }) };
    const findings = await doctor(context.deps, options);
    if (fix) return fixFindings(findings, context, 'ask');
    printResult(context, { findings: findings.map(plain) }, () => findingsTable(findings, context.style));
    return needsMending(findings) ? ExitCode.toolMissing : ExitCode.done;
  },
});

/** Shows what would be done, asks once (`consent: 'given'` skips that), does it, and looks again. */
export async function fixFindings(
  findings: readonly Finding[],
  context: CliContext,
  consent: 'ask' | 'given',
): Promise<ExitCode> {
  const { doctor, fixAll } = await import('../../labs/index.ts');
  const broken = findings.filter(({ ok, fix, severity }) => !ok && (fix !== undefined || severity === 'required'));
  if (broken.length === 0) {
    context.io.err('doctor: nothing to mend\n');
    return ExitCode.done;
  }
  context.io.err(`${fixList(broken)}\n`);
  if (broken.some(({ fix }) => fix?.kind === 'automatic') && consent === 'ask') await askConsent(context);
  await fixAll(context.deps, findings);
  const after = await doctor(context.deps, { name: context.globals.lab });
  context.io.err(findingsTable(after, context.style));
  return needsMending(after) ? ExitCode.toolMissing : ExitCode.done;
}

async function askConsent(context: CliContext): Promise<void> {
  if (context.globals.assumeYes === 'yes') return;
  if (!context.io.canPrompt) {
    throw new KubedrillError({
      what: 'doctor may not change anything without a yes',
      why: 'there is no terminal to ask on',
      hint: 'kubedrill doctor --fix --yes',
      exitCode: ExitCode.usage,
    });
  }
  if (await context.io.prompter.confirm('Shall I do this?')) return;
  throw new KubedrillError({
    what: 'nothing was changed',
    why: 'the answer was no',
    hint: 'run the commands above yourself, then: kubedrill doctor',
    exitCode: ExitCode.toolMissing,
  });
}

function needsMending(findings: readonly Finding[]): boolean {
  return findings.some(({ ok, severity }) => !ok && severity === 'required');
}

/** A finding as JSON: a fix as its commands. */
function plain({ fix, ...finding }: Finding): object {
  return fix ? { ...finding, fix: { kind: fix.kind, says: fix.says, commands: fix.commands } } : finding;
}
