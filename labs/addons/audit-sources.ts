import type { AuditSources, WebhookServer } from '../../detector/index.ts';
import type { AuditWay } from '../session.ts';

/** By which ways the engines of such a lab hear of requests; `webhook` where it is one of them. */
export function auditSourcesOf(way: AuditWay, webhook: WebhookServer | undefined): AuditSources {
  return { log: way === 'webhook' ? 'none' : 'followed', ...(webhook === undefined ? {} : { webhook }) };
}
