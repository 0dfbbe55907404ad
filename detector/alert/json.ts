import { rfc3339Time } from '../event/time-text.ts';
import { printJson } from '../event/json.ts';
import type { Alert } from './types.ts';

/** An alert as Falco prints it with json_output, on one line. */
export function alertJson(alert: Alert): string {
  return printJson({
    hostname: alert.hostname,
    output: alert.output,
    output_fields: alert.outputFields,
    priority: alert.priority,
    rule: alert.rule,
    source: alert.source,
    tags: alert.tags,
    time: alertTime(alert),
  });
}

/** An alert of a replay, on one line: with the number of its event, by which recordings are compared. */
export function replayJson(alert: Alert): string {
  return printJson({
    evt_num: alert.eventNumber,
    time: alertTime(alert),
    rule: alert.rule,
    priority: alert.priority,
    source: alert.source,
    output: alert.output,
    tags: alert.tags,
    output_fields: alert.outputFields,
  });
}

function alertTime(alert: Alert): string {
  return rfc3339Time(alert.timeNs);
}
