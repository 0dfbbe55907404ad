import { COMMON_FIELDS } from './fields/common.ts';
import { CONTAINER_FIELDS } from './fields/container.ts';
import { EVT_FIELDS } from './fields/evt.ts';
import { FD_FIELDS } from './fields/fd.ts';
import { K8S_AUDIT_FIELDS } from './fields/k8s-audit.ts';
import { KD_FIELDS } from './fields/kd.ts';
import { PROCESS_FIELDS } from './fields/process.ts';
import type { FieldInfo } from './field-info.ts';

/** Every field of the rules language, in the order of the documentation. */
export const FIELDS: readonly FieldInfo[] = [
  ...COMMON_FIELDS,
  ...EVT_FIELDS,
  ...PROCESS_FIELDS,
  ...FD_FIELDS,
  ...CONTAINER_FIELDS,
  ...K8S_AUDIT_FIELDS,
  ...KD_FIELDS,
];
