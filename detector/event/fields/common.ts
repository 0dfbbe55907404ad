import { fieldsOf } from '../field-info.ts';

/** Fields of every event, whatever its source. The engine answers them itself (base-fields.ts). */
export const COMMON_FIELDS = fieldsOf(
  ['syscall', 'k8s_audit'],
  [
    ['evt.num', 'UINT64', 'sequence number of the event'],
    ['evt.time', 'CHARBUF', 'time of day, with nanoseconds'],
    ['evt.time.s', 'CHARBUF', 'time of day, to the second'],
    ['evt.time.iso8601', 'CHARBUF', 'date and time in UTC, ISO 8601, with nanoseconds'],
    ['evt.datetime', 'CHARBUF', 'date and time, with nanoseconds'],
    ['evt.datetime.s', 'CHARBUF', 'date and time, to the second'],
    ['evt.rawtime', 'ABSTIME', 'nanoseconds since 1970'],
    ['evt.rawtime.s', 'ABSTIME', 'whole seconds since 1970'],
    ['evt.rawtime.ns', 'ABSTIME', 'nanoseconds within the second'],
    ['evt.reltime', 'RELTIME', 'nanoseconds since the first event'],
    ['evt.reltime.s', 'RELTIME', 'whole seconds since the first event'],
    ['evt.reltime.ns', 'RELTIME', 'nanoseconds within the second since the first event'],
    ['evt.pluginname', 'CHARBUF', 'name of the plugin that made the event, for sources other than system calls'],
    ['evt.plugininfo', 'CHARBUF', 'one-line summary by the plugin that made the event'],
    ['evt.source', 'CHARBUF', 'source of the event: syscall or k8s_audit'],
    ['evt.is_async', 'BOOL', 'true for events that happen beside the system calls'],
    ['evt.asynctype', 'CHARBUF', 'kind of an asynchronous event'],
    ['evt.hostname', 'CHARBUF', 'name of the machine that the event comes from; in a lab, of the node'],
    [
      'json.value',
      'CHARBUF',
      'value at a JSON pointer in an event that is JSON: json.value[/user/username]',
      { argument: 'required', argumentKind: 'key' },
    ],
    ['json.obj', 'CHARBUF', 'the whole event as JSON'],
    ['json.rawtime', 'CHARBUF', 'nanoseconds since 1970, as text'],
    ['jevt.value', 'CHARBUF', 'older name of json.value', { argument: 'required', argumentKind: 'key' }],
    ['jevt.obj', 'CHARBUF', 'older name of json.obj'],
    ['jevt.rawtime', 'CHARBUF', 'older name of json.rawtime'],
  ],
);
