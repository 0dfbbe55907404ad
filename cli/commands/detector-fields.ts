import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { fieldsText } from '../render/fields.ts';

export const command = defineCommand({
  args: [{ syntax: '[pattern]', says: 'a glob, or a part of the name; without it, all fields' }],
  options: [{ flags: '--source <name>', says: 'only fields of syscall or of k8s_audit events' }],
  examples: ['kubedrill detector fields proc.a', "kubedrill detector fields 'ka.req.*image*' --json"],
  input: z.object({ pattern: z.string().optional(), source: z.enum(['syscall', 'k8s_audit']).optional() }),
  async run({ pattern, source }, context) {
    const { findFields } = await import('../../detector/index.ts');
    const list = findFields({
      ...(pattern === undefined ? {} : { pattern }),
      ...(source === undefined ? {} : { source }),
    });
    printResult(context, list, () => fieldsText(list.fields, context.style, context.io.columns));
    return ExitCode.done;
  },
});
