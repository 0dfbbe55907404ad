import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ExitCode, silentReporter } from '../../core/index.ts';
import type { DemoResult } from '../../scenarios/index.ts';
import type { Session } from '../../labs/index.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { gradeText } from '../render/grade.ts';
import { stopText } from '../render/stop.ts';
import { fixFindings } from './doctor.ts';
import { menu } from './menu.ts';

/** The machine, the lab, and then the menu; without a terminal the three challenges play themselves. */
export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { doctor, listLabs, up } = await import('../../labs/index.ts');
    const name = context.globals.lab;
    // Without a terminal nobody can be asked, and `npm start` is documented as a yes to what doctor lists.
    const mended = await fixFindings(
      await doctor(context.deps, { name }),
      context,
      context.io.canPrompt ? 'ask' : 'given',
    );
    if (mended !== ExitCode.done) return mended;
    const wasThere = (await listLabs(context.deps)).some((lab) => lab.name === name && lab.state === 'running');
    const session = await up(context.deps, { name });
    if (context.io.canPrompt) return menu(context);
    return demonstrate(session, wasThere ? 'keep' : 'remove', context);
  },
});

async function demonstrate(session: Session, afterwards: 'keep' | 'remove', context: CliContext): Promise<ExitCode> {
  const { playDemo } = await import('../../scenarios/index.ts');
  try {
    const results = await playDemo(session, undefined, context.reporter);
    for (const { grade, stop } of results)
      context.io.out(`${gradeText(grade, context.style)}\n${stopText(stop, context.style)}\n`);
    const folder = await writeResults(results);
    const passed = results.filter(({ grade, stop }) => grade.passed && stop.residue.length === 0);
    context.io.out(
      `${String(passed.length)} of ${String(results.length)} challenges passed; the grades are in ${folder}\n`,
    );
    return passed.length === results.length ? ExitCode.done : ExitCode.notPassed;
  } finally {
    if (afterwards === 'remove') await takeDown(session.lab.name, context);
    else context.io.err(`the lab ${session.lab.name} was up before, and stays\n`);
  }
}

/** Also after Ctrl-C: without the signal that has ended everything else. */
async function takeDown(name: string, context: CliContext): Promise<void> {
  const { down } = await import('../../labs/index.ts');
  const { runner, paths, clock, env } = context;
  await context.reporter.stage(`taking the lab ${name} down`, async () => {
    await down({ runner, paths, clock, env, reporter: silentReporter }, name);
  });
}

async function writeResults(results: readonly DemoResult[]): Promise<string> {
  const folder = join(process.cwd(), 'results');
  await mkdir(folder, { recursive: true });
  for (const { grade, stop } of results) {
    await writeFile(
      join(folder, `${grade.scenario}-${grade.slug}.json`),
      `${JSON.stringify({ ...grade, residue: stop.residue }, undefined, 2)}\n`,
    );
  }
  return folder;
}
