import type { ChalkInstance } from 'chalk';
import type { AlertDocument, Attribution } from '../../detector/index.ts';

/** An alert as one line: time, priority, node, rule, and the rule's own output. */
export function alertText({ time, priority, rule, output, attribution }: AlertDocument, style: ChalkInstance): string {
  const clock = time.slice(11, 23);
  const colour = /^(emergency|alert|critical|error)$/i.test(priority) ? style.red : style.yellow;
  const { node } = attribution;
  return `${style.dim(clock)} ${colour(priority.padEnd(8))} ${node} ${style.bold(rule)}: ${output}${style.dim(otherHalf(attribution))}\n`;
}

/** Of what runs in a session through the API who opened it, and of the opening what began then. */
function otherHalf({ session, auditId, entry }: Attribution): string {
  if (session !== undefined) return ` [session of ${session.user}, audit ${session.auditId}]`;
  if (auditId === undefined || entry === undefined) return '';
  return ` [began pid ${String(entry.pid)} on ${entry.node ?? ''}: ${entry.command}]`;
}
