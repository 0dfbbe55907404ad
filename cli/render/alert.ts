import type { ChalkInstance } from 'chalk';
import type { AlertDocument, Attribution } from '../../detector/index.ts';

/** An alert as one line: time, priority, node, rule, the rule's own output, and what was not known in time. */
export function alertText(alert: AlertDocument, style: ChalkInstance): string {
  const { time, priority, rule, output, attribution, missing = [] } = alert;
  const lack = missing.length === 0 ? '' : style.dim(` (not known in time: ${missing.join(', ')})`);
  const clock = time.slice(11, 23);
  const colour = /^(emergency|alert|critical|error)$/i.test(priority) ? style.red : style.yellow;
  const { node } = attribution;
  return `${style.dim(clock)} ${colour(priority.padEnd(8))} ${node} ${style.bold(rule)}: ${output}${style.dim(otherHalf(attribution))}${lack}\n`;
}

/** Of what runs in a session through the API who opened it, and of the opening what began then. */
function otherHalf({ session, auditId, entry }: Attribution): string {
  if (session !== undefined) return ` [session of ${session.user}, audit ${session.auditId}]`;
  if (auditId === undefined || entry === undefined) return '';
  return ` [began pid ${String(entry.pid)} on ${entry.node ?? ''}: ${entry.command}]`;
}
