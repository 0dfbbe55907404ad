import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { runText } from '../render/run.ts';
import { statusText } from '../render/status.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const [{ labStatus }, { currentRun }] = await Promise.all([
      import('../../labs/index.ts'),
      import('../../scenarios/index.ts'),
    ]);
    const session = await context.session();
    const [status, run] = await Promise.all([labStatus(session), currentRun(session)]);
    const openRun = run
      ? { id: run.id, scenario: run.scenario, slug: run.slug, phase: run.phase, startedAt: run.startedAt }
      : null;
    printResult(
      context,
      { ...status, run: openRun },
      () =>
        `${statusText(status, run, context.style)}${run ? `\n${runText(run, context.style, context.io.columns)}` : ''}`,
    );
    return status.ready ? ExitCode.done : ExitCode.failed;
  },
});
