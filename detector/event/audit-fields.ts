import { arrayAt, isObject, jsonText, valueAt } from './json-path.ts';
import type { JsonValue } from './json.ts';
import type { FieldValue } from './types.ts';

/** The value of a `ka.` field in an audit event. */
export function auditField(json: JsonValue, name: string, argument: string | undefined): FieldValue | undefined {
  const keys = SIMPLE.get(name);
  if (keys !== undefined) return text(valueAt(json, keys));
  const listKeys = LISTS.get(name);
  if (listKeys !== undefined) return texts(arrayAt(json, listKeys), argument);
  const computed = COMPUTED.get(name);
  if (computed !== undefined) return computed(json, argument);
  return containerField(json, name, argument);
}

const SPEC = ['requestObject', 'spec'];
const POD_SECURITY = [...SPEC, 'securityContext'];
const ANNOTATIONS = ['annotations'];

/** Fields that stand somewhere in the event as they are. */
const SIMPLE: ReadonlyMap<string, readonly string[]> = new Map([
  ['ka.auditid', ['auditID']],
  ['ka.stage', ['stage']],
  ['ka.auth.decision', [...ANNOTATIONS, 'authorization.k8s.io/decision']],
  ['ka.auth.reason', [...ANNOTATIONS, 'authorization.k8s.io/reason']],
  ['ka.auth.openshift.decision', [...ANNOTATIONS, 'authentication.openshift.io/decision']],
  ['ka.auth.openshift.username', [...ANNOTATIONS, 'authentication.openshift.io/username']],
  [
    'ka.validations.admission.policy.failure',
    [...ANNOTATIONS, 'validation.policy.admission.k8s.io/validation_failure'],
  ],
  ['ka.security.pod.violations', [...ANNOTATIONS, 'pod-security.kubernetes.io/audit-violations']],
  ['ka.user.name', ['user', 'username']],
  ['ka.impuser.name', ['impersonatedUser', 'username']],
  ['ka.verb', ['verb']],
  ['ka.uri', ['requestURI']],
  ['ka.target.name', ['objectRef', 'name']],
  ['ka.target.namespace', ['objectRef', 'namespace']],
  ['ka.target.resource', ['objectRef', 'resource']],
  ['ka.target.subresource', ['objectRef', 'subresource']],
  ['ka.req.binding.role', ['requestObject', 'roleRef', 'name']],
  ['ka.req.configmap.name', ['objectRef', 'name']],
  ['ka.req.configmap.obj', ['requestObject', 'data']],
  ['ka.req.pod.host_ipc', [...SPEC, 'hostIPC']],
  ['ka.req.pod.host_network', [...SPEC, 'hostNetwork']],
  ['ka.req.container.host_network', [...SPEC, 'hostNetwork']],
  ['ka.req.pod.host_pid', [...SPEC, 'hostPID']],
  ['ka.req.pod.run_as_user', [...POD_SECURITY, 'runAsUser']],
  ['ka.req.pod.run_as_group', [...POD_SECURITY, 'runAsGroup']],
  ['ka.req.pod.fs_group', [...POD_SECURITY, 'fsGroup']],
  ['ka.req.service.type', [...SPEC, 'type']],
  ['ka.resp.name', ['responseObject', 'metadata', 'name']],
  ['ka.response.code', ['responseStatus', 'code']],
  ['ka.response.reason', ['responseStatus', 'reason']],
  ['ka.useragent', ['userAgent']],
]);

/** Lists that stand somewhere in the event as they are. */
const LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ka.user.groups', ['user', 'groups']],
  ['ka.sourceips', ['sourceIPs']],
  ['ka.req.binding.subjects', ['requestObject', 'subjects']],
  ['ka.req.role.rules', ['requestObject', 'rules']],
  ['ka.req.pod.supplemental_groups', [...POD_SECURITY, 'supplementalGroups']],
]);

type Computed = (json: JsonValue, argument: string | undefined) => FieldValue | undefined;

const COMPUTED: ReadonlyMap<string, Computed> = new Map<string, Computed>([
  ['ka.uri.param', (json, name) => uriParameter(text(valueAt(json, ['requestURI'])), name ?? '')],
  ['ka.target.pod.name', targetPod],
  ['ka.req.binding.subject.has_name', () => 'N/A'],
  ['ka.req.binding.subjects.user_names', (json) => subjects(json, 'User')],
  ['ka.req.binding.subjects.group_names', (json) => subjects(json, 'Group')],
  ['ka.req.binding.subjects.serviceaccount_names', (json) => subjects(json, 'ServiceAccount')],
  ['ka.req.binding.subjects.serviceaccount_ns_names', serviceAccounts],
  ['ka.req.role.rules.apiGroups', (json, index) => ruleItems(json, 'apiGroups', index)],
  ['ka.req.role.rules.nonResourceURLs', (json, index) => ruleItems(json, 'nonResourceURLs', index)],
  ['ka.req.role.rules.verbs', (json, index) => ruleItems(json, 'verbs', index)],
  ['ka.req.role.rules.resources', (json, index) => ruleItems(json, 'resources', index)],
  ['ka.req.service.ports', servicePorts],
  ['ka.req.pod.volumes.hostpath', (json, index) => volumeItems(json, ['hostPath', 'path'], index)],
  ['ka.req.pod.volumes.flexvolume_driver', (json, index) => volumeItems(json, ['flexVolume', 'driver'], index)],
  ['ka.req.pod.volumes.volume_type', volumeTypes],
  ['ka.req.volume.hostpath', usesHostPath],
  ['ka.req.container.image', (json) => containerField(json, 'ka.req.pod.containers.image', '0')],
  ['ka.req.container.image.repository', (json) => containerField(json, 'ka.req.pod.containers.image.repository', '0')],
  ['ka.req.container.privileged', anyPrivileged],
]);

/** What is read of each container, by the last part of the field's name. */
const CONTAINER_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['name', ['name']],
  ['image', ['image']],
  ['command', ['command']],
  ['args', ['args']],
  ['privileged', ['securityContext', 'privileged']],
  ['allow_privilege_escalation', ['securityContext', 'allowPrivilegeEscalation']],
  ['read_only_fs', ['securityContext', 'readOnlyRootFilesystem']],
  ['run_as_user', ['securityContext', 'runAsUser']],
  ['run_as_group', ['securityContext', 'runAsGroup']],
  ['proc_mount', ['securityContext', 'procMount']],
  ['add_capabilities', ['securityContext', 'capabilities', 'add']],
]);

const CONTAINER_FIELD = /^ka\.req\.pod\.(containers|initContainers|ephemeralContainers)\.(.+)$/;

/** Containers that lack the value add nothing to the list; a list without items is missing. */
function containerField(json: JsonValue, name: string, index: string | undefined): FieldValue | undefined {
  const [, kind = '', what = ''] = CONTAINER_FIELD.exec(name) ?? [];
  const containers = selected(arrayAt(json, [...SPEC, kind]), index);
  if (containers === undefined) return undefined;
  if (what === 'image.repository') return texts(containers.map((item) => repository(text(valueAt(item, ['image'])))));
  if (what === 'eff_run_as_user') return effective(json, containers, 'runAsUser');
  if (what === 'eff_run_as_group') return effective(json, containers, 'runAsGroup');
  if (what === 'host_port') return texts(containers.flatMap(hostPorts));
  const keys = CONTAINER_KEYS.get(what);
  return keys && texts(containers.flatMap((container) => arrayAt(container, keys) ?? []));
}

function hostPorts(container: JsonValue): readonly (JsonValue | undefined)[] {
  return (arrayAt(container, ['ports']) ?? []).map((port) => valueAt(port, ['hostPort']));
}

/** The id that a container starts with: its own, else the pod's, else root's. */
function effective(json: JsonValue, containers: readonly JsonValue[], key: string): FieldValue | undefined {
  const ofPod = valueAt(json, [...POD_SECURITY, key]) ?? 0;
  return texts(containers.map((container) => valueAt(container, ['securityContext', key]) ?? ofPod));
}

/** An image reference without its digest and tag; a colon before the last slash belongs to the registry's port. */
function repository(image: string | undefined): string | undefined {
  return image?.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

function anyPrivileged(json: JsonValue): FieldValue | undefined {
  const flags = containerField(json, 'ka.req.pod.containers.privileged', undefined);
  return Array.isArray(flags) ? String(flags.includes('true')) : undefined;
}

function targetPod(json: JsonValue): FieldValue | undefined {
  if (valueAt(json, ['objectRef', 'resource']) !== 'pods') return undefined;
  return text(valueAt(json, ['objectRef', 'name']) ?? valueAt(json, ['responseObject', 'metadata', 'name']));
}

function uriParameter(uri: string | undefined, name: string): FieldValue | undefined {
  const query = uri?.split('?', 2)[1];
  return query === undefined ? undefined : (new URLSearchParams(query).get(name) ?? undefined);
}

function subjectsOfKind(json: JsonValue, kind: string): readonly JsonValue[] {
  const all = arrayAt(json, ['requestObject', 'subjects']) ?? [];
  return all.filter((subject) => valueAt(subject, ['kind']) === kind);
}

function subjects(json: JsonValue, kind: string): FieldValue | undefined {
  return texts(subjectsOfKind(json, kind).map((subject) => valueAt(subject, ['name'])));
}

function serviceAccounts(json: JsonValue): FieldValue | undefined {
  return texts(
    subjectsOfKind(json, 'ServiceAccount').map((subject) => {
      const name = text(valueAt(subject, ['name']));
      return name && `${text(valueAt(subject, ['namespace'])) ?? ''}:${name}`;
    }),
  );
}

function ruleItems(json: JsonValue, key: string, index: string | undefined): FieldValue | undefined {
  const rules = selected(arrayAt(json, ['requestObject', 'rules']), index);
  return rules && texts(rules.flatMap((rule) => arrayAt(rule, [key]) ?? []));
}

/** All ports are one item of the list, as the audit rules of Falco print them. */
function servicePorts(json: JsonValue, index: string | undefined): FieldValue | undefined {
  const ports = valueAt(json, [...SPEC, 'ports']);
  if (!Array.isArray(ports)) return undefined;
  return index === undefined ? [jsonText(ports as JsonValue)] : texts(ports as readonly JsonValue[], index);
}

function volumeItems(json: JsonValue, keys: readonly string[], index: string | undefined): FieldValue | undefined {
  const volumes = selected(arrayAt(json, [...SPEC, 'volumes']), index);
  return volumes && texts(volumes.map((volume) => valueAt(volume, keys)));
}

function volumeTypes(json: JsonValue, index: string | undefined): FieldValue | undefined {
  const volumes = selected(arrayAt(json, [...SPEC, 'volumes']), index);
  return (
    volumes &&
    texts(volumes.flatMap((volume) => (isObject(volume) ? Object.keys(volume) : [])).filter((key) => key !== 'name'))
  );
}

function usesHostPath(json: JsonValue, wanted = ''): FieldValue | undefined {
  const paths = volumeItems(json, ['hostPath', 'path'], undefined);
  if (!Array.isArray(paths)) return undefined;
  const prefix = wanted.endsWith('*') ? wanted.slice(0, -1) : undefined;
  return String(paths.some((path) => path === wanted || (prefix !== undefined && String(path).startsWith(prefix))));
}

function selected(
  items: readonly JsonValue[] | undefined,
  index: string | undefined,
): readonly JsonValue[] | undefined {
  if (items === undefined || index === undefined) return items;
  const item = items[Number(index)];
  return item === undefined ? undefined : [item];
}

function texts(items: readonly (JsonValue | undefined)[] | undefined, index?: string): FieldValue | undefined {
  const present = (items ?? []).filter((item) => item !== undefined && item !== null).map(jsonText);
  const chosen = index === undefined ? present : present.slice(Number(index), Number(index) + 1);
  return chosen.length === 0 ? undefined : chosen;
}

function text(value: JsonValue | undefined): string | undefined {
  return value === undefined || value === null ? undefined : jsonText(value);
}
