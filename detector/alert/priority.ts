import { PRIORITIES, type Priority } from './types.ts';

/** Reads a priority in any case; INFO is short for Informational. Undefined for anything else. */
export function parsePriority(text: string): Priority | undefined {
  const wanted = text.toLowerCase() === 'info' ? 'informational' : text.toLowerCase();
  return PRIORITIES.find((priority) => priority.toLowerCase() === wanted);
}

/** True when a priority is as urgent as the least that is wanted, or more. */
export function isAtLeast(priority: Priority, least: Priority): boolean {
  return PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(least);
}
