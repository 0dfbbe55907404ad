import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { table } from '../render/table.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { listScenarios } = await import('../../scenarios/index.ts');
    const scenarios = await listScenarios();
    printResult(context, { apiVersion: API_VERSION, scenarios }, () =>
      table(
        ['id', 'challenge', 'title', 'domain', 'difficulty', 'minutes'],
        scenarios.map(({ id, slug, title, domain, difficulty, minutes }) => [
          id,
          slug,
          title,
          domain,
          '●'.repeat(difficulty),
          String(minutes),
        ]),
        context.style,
      ),
    );
    return ExitCode.done;
  },
});
