import { createEngine, type Engine } from '../engine/index.ts';
import { readSyscallField } from '../enrich/syscall-event.ts';
import { encodeConfigure } from '../source/messages.ts';
import type { Configuration } from './configuration.ts';
import { requestFor } from './sensor-request.ts';

/** The configuration that holds, and the engine that runs its rules. */
export class RulesInForce {
  readonly #nodeName: string;
  #configuration: Configuration;
  #engine: Engine;

  constructor(first: Configuration, nodeName: string) {
    this.#nodeName = nodeName;
    this.#configuration = first;
    this.#engine = engineFor(first, nodeName);
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  get engine(): Engine {
    return this.#engine;
  }

  replace(configuration: Configuration): void {
    this.#configuration = configuration;
    this.#engine = engineFor(configuration, this.#nodeName);
  }

  /** What the sensor has to be asked for, so that these rules see all that they can match. */
  sensorRequest(): Buffer {
    return encodeConfigure(requestFor(this.#configuration.ruleset, this.#engine));
  }
}

function engineFor({ ruleset, config }: Configuration, hostname: string): Engine {
  return createEngine({ ruleset, hostname, readField: readSyscallField, matching: config.ruleMatching });
}
