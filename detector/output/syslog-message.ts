import { PRIORITIES, type Priority } from '../alert/types.ts';
import type { AlertDocument } from './alert-document.ts';
import { renderAlert, type AlertFormat } from './render.ts';

export interface SyslogOptions {
  readonly facility: number;
  readonly format: AlertFormat;
  readonly processId: number;
  /** The message is cut to that, between characters. */
  readonly maxBytes: number;
}

const APP_NAME = 'kubedrill-detector';
/** SD-IDs that are not registered carry a private enterprise number; 32473 is the one for examples (RFC 5612). */
const DATA_ID = 'kubedrill@32473';

/**
 * An alert as a message of RFC 5424: the priorities of rules are the severities of syslog, in the same order; rule and
 * sequence number are structured data, and the message is UTF-8 with a byte order mark as the RFC asks.
 */
export function syslogMessage(alert: AlertDocument, options: SyslogOptions): Buffer {
  const severity = PRIORITIES.indexOf(alert.priority as Priority);
  const value = options.facility * 8 + (severity < 0 ? 5 : severity);
  const parts = [
    `<${String(value)}>1`,
    microseconds(alert.time),
    header(alert.hostname, 255),
    APP_NAME,
    String(options.processId),
    'alert',
    `[${DATA_ID} rule="${escaped(alert.rule)}" source="${escaped(alert.source)}" sequence="${String(alert.sequence)}"]`,
  ];
  const text = renderAlert(alert, options.format);
  return cut(Buffer.from(`${parts.join(' ')} \ufeff${text}`), options.maxBytes);
}

/** RFC 5424 knows six digits of a second, not nine. */
function microseconds(time: string): string {
  return time.replace(/(\.\d{6})\d*/, '$1');
}

/** Printable ASCII without blanks; a hyphen for nothing. */
function header(text: string, maxLength: number): string {
  const printable = text.replace(/[^\x21-\x7e]/g, '?').slice(0, maxLength);
  return printable === '' ? '-' : printable;
}

function escaped(text: string): string {
  return text.replace(/[\\"\]]/g, '\\$&').replace(/[\r\n]/g, ' ');
}

function cut(message: Buffer, maxBytes: number): Buffer {
  if (message.length <= maxBytes) return message;
  let end = maxBytes;
  // A byte 10xxxxxx goes on with a character that began before it.
  while (end > 0 && ((message[end] ?? 0) & 0xc0) === 0x80) end--;
  return message.subarray(0, end);
}
