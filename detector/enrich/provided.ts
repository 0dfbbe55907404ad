import { BASE_FIELDS } from '../event/base-fields.ts';
import { COMMON_FIELDS } from '../event/fields/common.ts';
import { K8S_AUDIT_FIELDS } from '../event/fields/k8s-audit.ts';
import type { Provision } from '../event/provided.ts';
import { RECORD_TYPES } from '../source/record-types.ts';
import { ARGUMENT_NAMES } from './fields/call.ts';
import { SYSCALL_FIELD_NAMES } from './readers.ts';

/** What the sensor and the audit source of this version provide: no more and no less than what is read from them. */
export const PROVIDED: Provision = {
  eventTypes: new Set([...RECORD_TYPES.filter((type) => type !== ''), 'pluginevent']),
  fields: new Set([
    ...BASE_FIELDS.keys(),
    ...COMMON_FIELDS.map(({ name }) => name),
    'evt.type.is',
    ...SYSCALL_FIELD_NAMES,
    ...K8S_AUDIT_FIELDS.map(({ name }) => name),
  ]),
  eventArguments: ARGUMENT_NAMES,
};
