import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { traceText } from '../render/trace.ts';

export const command = defineCommand({
  args: [
    { syntax: '<target>', says: 'a Service (shop/web, shop/web:http), a node’s port, a pod’s, or an address with one' },
  ],
  options: [
    { flags: '--from <client>', says: 'who asks: NODE/pod-a, NODE/pod-b, NODE/host, NODE/node or ext' },
    { flags: '--udp', says: 'over UDP instead of TCP' },
    { flags: '--rules', says: 'show every rule on the way' },
  ],
  examples: ['kubedrill net trace shop/web', 'kubedrill net trace lab-worker:30080 --from ext --rules'],
  input: z.object({
    target: z.string(),
    from: z.string().optional(),
    udp: z.boolean().default(false),
    rules: z.boolean().default(false),
  }),
  async run({ target, from, udp, rules }, context) {
    const { traceRequest } = await import('../../network/index.ts');
    const session = await context.session();
    const trace = await context.reporter.stage('following a request', () =>
      traceRequest(session, target, { protocol: udp ? 'udp' : 'tcp', ...(from === undefined ? {} : { from }) }),
    );
    printResult(context, trace, () => traceText(trace, rules ? 'rules' : 'hops', context.style));
    return trace.verdict.ok ? ExitCode.done : ExitCode.notPassed;
  },
});
