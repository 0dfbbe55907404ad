import type { MeterPath } from '../types.ts';
import { BadRequest } from './control-server.ts';
import type { MeterOrder, ProbeOrder, RelayOrder, RunKey } from './protocol.ts';

/** More than a lab of a hundred nodes has. */
const MAX_JOBS = 5_000;
const MAX_PATHS = 500;
const MAX_RELAYED = 64;

// The Channel carries orders of the same version of kubedrill: only their form is checked, not every field.

export function keyOf(body: unknown): RunKey {
  const { id, secret } = record(body);
  if (typeof id !== 'string' || typeof secret !== 'string') throw new BadRequest('a key has an id and a secret');
  return { id, secret };
}

export function probeOrderOf(body: unknown): ProbeOrder {
  const { keyId, jobs } = record(body);
  if (typeof keyId !== 'string') throw new BadRequest('a probe order names a key');
  return { keyId, jobs: list(jobs, 'jobs', MAX_JOBS) as ProbeOrder['jobs'] };
}

export function meterOrderOf(body: unknown): MeterOrder {
  const { key, paths, roster } = record(body);
  return {
    key: keyOf(key),
    paths: list(paths, 'paths', MAX_PATHS) as readonly MeterPath[],
    roster: list(roster, 'roster', MAX_PATHS * 10) as readonly MeterPath[],
  };
}

export function relayOrderOf(body: unknown): RelayOrder {
  return { requests: list(record(body)['requests'], 'requests', MAX_RELAYED) as RelayOrder['requests'] };
}

function record(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null) throw new BadRequest('an order is a JSON object');
  return body as Readonly<Record<string, unknown>>;
}

function list(value: unknown, name: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new BadRequest(`${name} is a list`);
  if (value.length > max) throw new BadRequest(`${name} has more than ${String(max)} entries`);
  return value as readonly unknown[];
}
