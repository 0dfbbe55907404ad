import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { validationText } from '../render/validation.ts';

export const command = defineCommand({
  args: [{ syntax: '<files...>', says: 'rules files or folders' }],
  input: z.object({ files: z.array(z.string()).min(1) }),
  async run({ files }, context) {
    const { validateRules } = await import('../../detector/index.ts');
    const { successful, errors, warnings } = await validateRules(files);
    printResult(context, { successful, errors, warnings }, () => validationText({ errors, warnings }, context.style));
    return successful ? ExitCode.done : ExitCode.failed;
  },
});
