import type { CommandModule } from '../command.ts';
import { COMMANDS, type CommandEntry } from '../commands/registry.ts';

/** The page docs/commands.md, made from the commands themselves. */
export async function commandReference(): Promise<string> {
  const entries = Object.entries<CommandEntry>(COMMANDS).filter(([, entry]) => entry.hidden !== true);
  const sections = await Promise.all(entries.map(async ([name, entry]) => section(name, entry, await entry.load())));
  return [
    '# Commands',
    '',
    'Made by `npm run docs` from the commands themselves; do not edit.',
    '',
    'Every command takes `--name LAB` (default `lab`, or KUBEDRILL_LAB), `--json` (the result as JSON on stdout), `--yes` (do not ask)',
    'and `--verbose`. Exit codes: 0 done or passed, 1 failed, 2 usage, 3 graded and not passed, 4 a needed tool is missing, 5 no lab',
    'or no run, 130 cancelled.',
    '',
    ...sections,
  ].join('\n');
}

function section(name: string, { summary }: CommandEntry, module: CommandModule): string {
  const args = (module.args ?? []).map(({ syntax }) => ` ${syntax}`).join('');
  const lines = [
    `## \`kubedrill ${name}${args}\``,
    '',
    `${capital(summary)}.`,
    '',
    ...(module.args ?? []).map(({ syntax, says }) => `- \`${syntax}\` – ${says}`),
    ...(module.options ?? []).map(({ flags, says }) => `- \`${flags}\` – ${says}`),
    ...(module.examples ? ['', '```sh', ...module.examples, '```'] : []),
    '',
  ];
  return lines.join('\n').replaceAll('\n\n\n', '\n\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
