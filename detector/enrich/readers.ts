import { CALL_FIELDS } from './fields/call.ts';
import { CONTAINER_FIELDS } from './fields/container.ts';
import { DESCRIPTOR_FIELDS } from './fields/descriptor.ts';
import { PROCESS_FIELDS } from './fields/process.ts';
import { TARGET_FIELDS } from './fields/target.ts';
import { USER_FIELDS } from './fields/user.ts';
import type { FieldReader } from './syscall-event.ts';

/** Fields beside those that hang on late facts which do not themselves; nearly every rule asks for one. */
const KNOWN_AT_ONCE: ReadonlySet<string> = new Set([
  'container.id',
  'container.full_id',
  'user.uid',
  'user.loginuid',
  'group.gid',
  'kd.target.pid',
  'kd.target.name',
  'kd.target.cmdline',
  'kd.target.container.id',
]);

/** How each field of an event of the sensor is read, beside those that the engine answers itself. */
export const READERS: ReadonlyMap<string, FieldReader> = new Map(
  Object.entries({
    ...CALL_FIELDS,
    ...PROCESS_FIELDS,
    ...DESCRIPTOR_FIELDS,
    ...lateReaders({ ...USER_FIELDS, ...CONTAINER_FIELDS, ...TARGET_FIELDS }),
  }),
);

/** Names of the fields that events of the sensor answer, beside those that the engine answers itself. */
export const SYSCALL_FIELD_NAMES: ReadonlySet<string> = new Set(READERS.keys());

function lateReaders(readers: Readonly<Record<string, FieldReader>>): Readonly<Record<string, FieldReader>> {
  return Object.fromEntries(
    Object.entries(readers).map(([name, read]): [string, FieldReader] => [
      name,
      KNOWN_AT_ONCE.has(name) ? read : (event, argument) => event.lateField(name, argument, read),
    ]),
  );
}
