import { AuditEvent } from '../../../detector/event/audit-event.ts';
import { fieldName } from '../../../detector/event/field-table.ts';
import { createExplainer, recordedState } from '../../../detector/explain/explain.ts';
import type { FieldState, StateReader } from '../../../detector/explain/types.ts';
import type { CompiledRule } from '../../../detector/ruleset/index.ts';
import type { AuditLevel } from '../../../labs/provider/audit-policy.ts';
import { API_REQUESTS, byEverybody, type ApiRequest, type UserRequest } from './api-requests.ts';

/** The level at which a request has to be written for a rule to have all that its condition and its output name. */
export function levelNeeded({ conditionText, outputText }: CompiledRule): AuditLevel {
  const text = `${conditionText} ${outputText}`;
  if (/ka\.resp\.|\[\/responseObject/.test(text)) return 'RequestResponse';
  return /ka\.req\.|\[\/requestObject/.test(text) ? 'Request' : 'Metadata';
}

/**
 * The requests on which a rule can fire, whatever else there is in them: with user, verb, stage, resource and path known and all else
 * unknown, its condition is not false.
 */
export function looksAt({ condition }: CompiledRule): readonly UserRequest[] {
  const explainer = createExplainer(condition, { readState: stateOf });
  const canFire = (request: ApiRequest): boolean =>
    ['true', 'undecided'].includes(explainer.explain(eventOf(request)).verdict);
  return API_REQUESTS.filter(canFire).flatMap(byEverybody).filter(canFire);
}

const KNOWN = new Set(['ka.stage', 'jevt.value[/stage]', 'ka.verb', 'ka.target.resource', 'ka.target.subresource']);

const stateOf: StateReader = (event, field): FieldState => {
  const name = fieldName(field.info.name, field.argument);
  const isKnown =
    KNOWN.has(name) ||
    (name.startsWith('ka.user.') && event.field('ka.user.name') !== undefined) ||
    (/^ka\.(uri$|target\.|req\.)/.test(name) && event.field('ka.uri') !== undefined);
  return isKnown ? recordedState(event, field) : { kind: 'unknown' };
};

function eventOf({ user, verb, stage, resource, path }: ApiRequest): AuditEvent {
  const target = resource && { resource: resource.name, subresource: resource.subresource ?? null };
  return new AuditEvent(
    {
      // Falco's rules write "always" and "never" as questions about the time.
      stageTimestamp: '2026-01-01T00:00:00Z',
      ...{ stage, verb },
      ...(user && { user: { username: user.name, groups: user.groups } }),
      ...(target === undefined ? {} : { objectRef: target }),
      ...(path === undefined ? {} : { requestURI: path }),
    },
    1,
  );
}
