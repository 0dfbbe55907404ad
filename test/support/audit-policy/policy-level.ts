import type { AuditLevel, AuditPolicy, AuditPolicyRule, AuditResources } from '../../../labs/provider/audit-policy.ts';
import type { ApiRequest, UserRequest } from './api-requests.ts';

/** The level at which the API server writes a request: that of the first rule that matches it. */
export function levelOf({ rules }: AuditPolicy, request: UserRequest): AuditLevel {
  return rules.find((rule) => isOf(rule, request))?.level ?? 'None';
}

function isOf(rule: AuditPolicyRule, { user, verb, resource, path }: UserRequest): boolean {
  if (rule.users?.includes(user.name) === false) return false;
  if (rule.userGroups?.some((group) => user.groups.includes(group)) === false) return false;
  if (rule.verbs?.includes(verb) === false) return false;
  if (rule.resources !== undefined) return rule.resources.some((resources) => resource && has(resources, resource));
  if (rule.nonResourceURLs !== undefined)
    return rule.nonResourceURLs.some((url) => path !== undefined && fits(url, path));
  return true;
}

/** `pods` means pods alone, `pods/*` all their subresources and they, `*` and `/scale` together that subresource of all, `*` everything. */
function has({ group, resources }: AuditResources, asked: NonNullable<ApiRequest['resource']>): boolean {
  if (group !== asked.group) return false;
  if (resources === undefined) return true;
  const { name, subresource } = asked;
  const whole = subresource === undefined ? name : `${name}/${subresource}`;
  return [whole, '*', `${name}/*`, ...(subresource === undefined ? [] : [`*/${subresource}`])].some((one) =>
    resources.includes(one),
  );
}

function fits(url: string, path: string): boolean {
  return url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : path === url;
}
