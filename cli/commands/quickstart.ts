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

/** One of the data plane, one of the control loops, one of the detector. */
const DEMO = ['S01', 'S02', 'S03'];

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
    const wasThere = (await listLabs(context.deps)).some((lab) => lab.name === name && lab.state !== 'broken');
    const session = await up(context.deps, { name });
    if (context.io.canPrompt) return menu(context);
    return demonstrate(session, wasThere ? 'keep' : 'remove', context);
  },
});

async function demonstrate(session: Session, afterwards: 'keep' | 'remove', context: CliContext): Promise<ExitCode> {
  const { playDemo } = await import('../../scenarios/index.ts');
  try {
    const folder = join(process.cwd(), 'results');
    await mkdir(folder, { recursive: true });
    let [played, passed] = [0, 0];
    for await (const result of playDemo(session, DEMO, context.reporter)) {
      context.io.out(`\n${gradeText(result.grade, context.style)}\n${stopText(result.stop, context.style)}\n`);
      await writeResult(folder, result);
      played += 1;
      if (result.grade.passed && result.stop.residue.length === 0) passed += 1;
    }
    context.io.out(`${String(passed)} of ${String(played)} challenges passed; the grades are in ${folder}\n`);
    return passed === played ? ExitCode.done : ExitCode.notPassed;
  } finally {
    if (afterwards === 'remove') await takeDown(session.lab.name, context);
    else context.io.err(`the lab "${session.lab.name}" was up before, and stays\n`);
  }
}

/** Also after Ctrl-C: without the signal that has ended everything else. */
async function takeDown(name: string, context: CliContext): Promise<void> {
  const { down } = await import('../../labs/index.ts');
  const { runner, paths, clock, env } = context;
  await context.reporter.stage(`taking the lab "${name}" down`, async () => {
    await down({ runner, paths, clock, env, reporter: silentReporter }, name);
  });
}

async function writeResult(folder: string, { grade, stop }: DemoResult): Promise<void> {
  const file = join(folder, `${grade.scenario}-${grade.slug}.json`);
  await writeFile(file, `${JSON.stringify({ ...grade, residue: stop.residue }, undefined, 2)}\n`);
}
