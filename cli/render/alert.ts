import type { ChalkInstance } from 'chalk';
import type { AlertDocument } from '../../detector/index.ts';

/** An alert as one line: time, priority, node, rule, the rule's own output, and what was not known in time. */
export function alertText(alert: AlertDocument, style: ChalkInstance): string {
  const { time, priority, rule, output, attribution, missing = [] } = alert;
  const lack = missing.length === 0 ? '' : style.dim(` (not known in time: ${missing.join(', ')})`);
  const clock = time.slice(11, 23);
  const colour = /^(emergency|alert|critical|error)$/i.test(priority) ? style.red : style.yellow;
  return `${style.dim(clock)} ${colour(priority.padEnd(8))} ${attribution.node} ${style.bold(rule)}: ${output}${lack}\n`;
}
