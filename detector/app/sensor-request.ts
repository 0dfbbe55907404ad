import type { Engine } from '../engine/index.ts';
import { openFilterFor } from '../prefilter/open-filter.ts';
import type { Ruleset } from '../ruleset/types.ts';
import type { SensorRequest } from '../source/messages.ts';

/** What the rules need of the sensor; changes of the working directory are needed for all relative paths. */
export function requestFor(ruleset: Ruleset, engine: Engine): SensorRequest {
  const rules = ruleset.rules.filter(({ enabled }) => enabled);
  const asksFor = (name: string): boolean =>
    rules.some(
      ({ fields, outputText }) => fields.some(({ info }) => info.name === name) || outputText.includes(`%${name}`),
    );
  return {
    types: new Set([...engine.eventTypes('syscall'), 'chdir', 'fchdir']),
    opens: openFilterFor(rules),
    environment: asksFor('proc.env'),
    data: asksFor('evt.buffer') || asksFor('evt.args'),
  };
}
