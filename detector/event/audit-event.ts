import { auditField } from './audit-fields.ts';
import { isObject, jsonText, valueAt } from './json-path.ts';
import type { JsonValue } from './json.ts';
import { parseTime } from './time-text.ts';
import type { DetectorEvent, FieldValue } from './types.ts';

/** An event of the Kubernetes audit log (audit.k8s.io Event). */
export class AuditEvent implements DetectorEvent {
  readonly number: number;
  readonly timeNs: bigint;
  readonly source = 'k8s_audit';
  readonly type = 'pluginevent';
  /** The event as the API server wrote it. */
  readonly json: JsonValue;

  constructor(json: JsonValue, number: number) {
    this.json = json;
    this.number = number;
    const stamp = valueAt(json, ['stageTimestamp']) ?? valueAt(json, ['requestReceivedTimestamp']);
    this.timeNs = (typeof stamp === 'string' ? parseTime(stamp) : undefined) ?? 0n;
  }

  field(name: string, argument?: string): FieldValue | undefined {
    if (name.startsWith('ka.')) return auditField(this.json, name, argument);
    switch (name) {
      case 'jevt.value':
      case 'json.value':
        return pointed(this.json, argument ?? '');
      case 'jevt.obj':
      case 'json.obj':
        return jsonText(this.json);
      case 'evt.plugininfo':
        return summary(this.json);
      default:
        return undefined;
    }
  }
}

/**
 * Takes apart what audit sources deliver: an event, an EventList, or an array of either. What is no audit event is
 * left out.
 */
export function auditItems(json: JsonValue): readonly JsonValue[] {
  if (Array.isArray(json)) return json.flatMap((item: JsonValue) => auditItems(item));
  if (!isObject(json)) return [];
  const { items } = json;
  if (Array.isArray(items)) return items.flatMap((item: JsonValue) => auditItems(item));
  return json['auditID'] === undefined && json['stage'] === undefined ? [] : [json];
}

/** The value at a JSON pointer (RFC 6901) as text; objects and arrays as JSON. */
function pointed(json: JsonValue, pointer: string): FieldValue | undefined {
  const keys = pointer.replace(/^\//, '').split('/');
  const value = valueAt(json, pointer === '' || pointer === '/' ? [] : keys.map(unescapeKey));
  return value === undefined || value === null ? undefined : jsonText(value);
}

function unescapeKey(key: string): string {
  return key.replace(/~1/g, '/').replace(/~0/g, '~');
}

function summary(json: JsonValue): string {
  const words = [['user', 'username'], ['verb'], ['objectRef', 'resource'], ['objectRef', 'name']];
  return words
    .map((keys) => valueAt(json, keys))
    .filter((value) => value !== undefined && value !== null)
    .map(jsonText)
    .join(' ');
}
