import { Chalk, type ChalkInstance } from 'chalk';

/** Colours for a stream: only on a terminal, and never with NO_COLOR. */
export function styleFor(isTty: boolean, env: Readonly<Record<string, string | undefined>>): ChalkInstance {
  const wanted = isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return new Chalk({ level: wanted ? 1 : 0 });
}
