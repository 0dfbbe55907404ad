import { usageError } from '../core/index.ts';
import type { CommandModule } from './command.ts';

/** Checks what commander read against the command's schema; every problem in one usage error. */
export function parseInput<Input>(
  module: CommandModule<Input>,
  raw: Readonly<Record<string, unknown>>,
  args: readonly unknown[],
): Input {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
  const parsed = module.input.safeParse(given);
  if (parsed.success) return parsed.data;
  throw usageError({
    what: `wrong input${args.length === 0 ? '' : `: ${args.map(String).join(' ')}`}`,
    why: parsed.error.issues.map(({ path, message }) => `${flagOf(path)}: ${message}`).join('; '),
    hint: 'the same command with --help',
  });
}

function flagOf(path: readonly PropertyKey[]): string {
  return String(path[0] ?? 'input').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
