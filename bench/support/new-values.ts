import { createEngine } from '../../detector/engine/index.ts';
import { MapEvent, type FieldMap } from '../../detector/event/map-event.ts';
import type { Ruleset } from '../../detector/ruleset/index.ts';

const DEFAULTS: FieldMap = { 'container.id': 'host' };

/** What programs choose freely. */
const TEXTS = ['fd.name', 'fd.nameraw', 'fd.filename', 'proc.cmdline', 'proc.args', 'proc.pcmdline', 'evt.args'];

/** The events so many times; with new values no path and no command line comes twice. */
export function eventsOf(
  maps: readonly FieldMap[],
  { passes, areTextsNew }: { readonly passes: number; readonly areTextsNew: boolean },
): readonly MapEvent[] {
  return Array.from({ length: passes }, (_, pass) =>
    maps.map((fields, index) => {
      const ending = areTextsNew ? String(pass * maps.length + index) : '';
      return new MapEvent(withEnding(fields, ending), { defaults: DEFAULTS });
    }),
  ).flat();
}

/** Events a second of a new engine alone, without what reads them. */
export function engineRate(ruleset: Ruleset, events: readonly MapEvent[]): number {
  const engine = createEngine({ ruleset, matching: 'all' });
  const startNs = process.hrtime.bigint();
  for (const event of events) engine.process(event);
  return events.length / (Number(process.hrtime.bigint() - startNs) / 1e9);
}

function withEnding(fields: FieldMap, ending: string): FieldMap {
  const changed = TEXTS.flatMap((key) => {
    const text = fields[key];
    // Through a buffer, so that the text is one piece with a hash of its own, as texts of events are.
    return typeof text === 'string' ? [[key, Buffer.from(text + ending).toString()] as const] : [];
  });
  return { ...fields, ...Object.fromEntries(changed) };
}
