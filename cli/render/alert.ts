import type { ChalkInstance } from 'chalk';
import type { AlertDocument } from '../../detector/index.ts';

/** An alert as one line: time, priority, node, rule, and the rule's own output. */
export function alertText({ time, priority, rule, output, attribution }: AlertDocument, style: ChalkInstance): string {
  const clock = time.slice(11, 23);
  const colour = /^(emergency|alert|critical|error)$/i.test(priority) ? style.red : style.yellow;
  return `${style.dim(clock)} ${colour(priority.padEnd(8))} ${attribution.node} ${style.bold(rule)}: ${output}\n`;
}
