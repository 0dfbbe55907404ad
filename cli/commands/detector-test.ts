import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { ruleTestsText } from '../render/rule-tests.ts';

export const command = defineCommand({
  args: [{ syntax: '<files...>', says: 'files of rule tests, or folders of them' }],
  options: [
    { flags: '--rules <files...>', says: 'rules files or folders; otherwise the rules of kubedrill' },
    { flags: '--coverage', says: 'also the checks that were never true, or never false' },
  ],
  examples: ['kubedrill detector test my-tests.yaml --rules my-rules.yaml --coverage'],
  input: z.object({
    files: z.array(z.string()).min(1),
    rules: z.array(z.string()).min(1).optional(),
    coverage: z.boolean().default(false),
  }),
  async run({ files, rules, coverage }, context) {
    const { testRules } = await import('../../detector/index.ts');
    const report = await testRules({ files, ...(rules === undefined ? {} : { rules }) });
    const detail = coverage ? 'untried checks' : 'percentages';
    printResult(context, report, () => ruleTestsText(report, detail, context.style, context.io.columns));
    return report.successful ? ExitCode.done : ExitCode.failed;
  },
});
