import type { AlertDocument } from './alert-document.ts';
import { internalAlert } from './internal-alert.ts';

/** What an output says when its rate limit has held alerts back: how many, as an alert of the detector itself. */
export function heldBackNotice(count: number, output: string, node: string, now: Date): AlertDocument {
  return internalAlert({
    rule: HELD_BACK_RULE,
    priority: 'Warning',
    says: `${String(count)} alerts were held back by the rate limit of the output "${output}"`,
    fields: { held_back: count },
    node,
    now,
  });
}

export const HELD_BACK_RULE = 'Detector: alerts held back';
