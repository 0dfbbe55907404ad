import { printJson } from '../event/json.ts';
import type { AlertDocument } from './alert-document.ts';

export type AlertFormat = 'text' | 'json';

/** An alert as one line without its end: the rule's own output, or everything as JSON. */
export function renderAlert(alert: AlertDocument, format: AlertFormat): string {
  return format === 'json' ? printJson(alert) : oneLine(alert.output);
}

/** Line breaks and other control characters would let a process forge lines of the log with its arguments. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}
