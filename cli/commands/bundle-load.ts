import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';

export const command = defineCommand({
  args: [{ syntax: '<file>', says: 'a file written by kubedrill bundle save' }],
  input: z.object({ file: z.string() }),
  async run({ file }, context) {
    const { loadBundle } = await import('../../labs/index.ts');
    const { runner, paths, reporter } = context;
    const manifest = await loadBundle({ runner, paths, reporter, file });
    printResult(context, manifest, () => `loaded ${manifest.images.join(', ')}\n`);
    return ExitCode.done;
  },
});
