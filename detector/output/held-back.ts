import type { AlertDocument } from './alert-document.ts';

/** What an output says when its rate limit has held alerts back: how many, as an alert of the detector itself. */
export function heldBackNotice(count: number, output: string, node: string, now: Date): AlertDocument {
  const time = `${now.toISOString().slice(0, -1)}000000Z`;
  const says = `${String(count)} alerts were held back by the rate limit of the output "${output}"`;
  return {
    time,
    rule: HELD_BACK_RULE,
    priority: 'Warning',
    source: 'internal',
    hostname: node,
    output: `${time.slice(11, 26)}: Warning ${says}`,
    tags: [],
    output_fields: { held_back: count },
    // It is no alert of the Channel, whose numbers begin with 1.
    sequence: 0,
    latencyMs: 0,
    monotonicNs: '0',
    attribution: { node },
  };
}

export const HELD_BACK_RULE = 'Detector: alerts held back';
