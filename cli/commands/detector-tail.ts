import { z } from 'zod';
import { ExitCode } from '../../core/index.ts';
import type { AlertCursor, AlertDocument, ConfigurationNews } from '../../detector/index.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { alertText } from '../render/alert.ts';

export const command = defineCommand({
  options: [
    { flags: '--all', says: 'also the alerts that are still kept from before' },
    { flags: '--once', says: 'print what is there, and end' },
  ],
  examples: ['kubedrill detector tail', 'kubedrill detector tail --all --once --json'],
  input: z.object({ all: z.boolean().default(false), once: z.boolean().default(false) }),
  async run({ all, once }, context) {
    const { followAlerts, readAlerts } = await import('../../detector/index.ts');
    const session = await context.session();
    const show = (alert: AlertDocument): void => print(alert, context);
    const page = await readAlerts(session);
    if (all || once) page.alerts.forEach(show);
    for (const { says } of page.uncertain) context.io.err(`uncertain: ${says}\n`);
    page.refused.forEach(tellNews);
    if (!once) await follow(page.cursor);
    return ExitCode.done;

    async function follow(since: AlertCursor): Promise<void> {
      const onUncertain = ({ says }: { readonly says: string }): void => context.io.err(`uncertain: ${says}\n`);
      await followAlerts(session, { since, onAlert: show, onUncertain, onNews: tellNews, signal: context.signal });
    }

    function tellNews({ node, says }: ConfigurationNews): void {
      context.io.err(`configuration on ${node}: ${says}\n`);
    }
  },
});

function print(alert: AlertDocument, context: CliContext): void {
  context.io.out(context.globals.format === 'json' ? `${JSON.stringify(alert)}\n` : alertText(alert, context.style));
}
