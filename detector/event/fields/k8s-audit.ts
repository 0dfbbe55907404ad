import { fieldsOf, type FieldOptions, type FieldRow } from '../field-info.ts';

const LIST: FieldOptions = { isList: true };
const ITEMS: FieldOptions = { isList: true, argument: 'optional', argumentKind: 'index' };
const KEY: FieldOptions = { argument: 'required', argumentKind: 'key' };
const GONE: FieldOptions = { isDeprecated: true };

/** Kubernetes audit events: who asked the API server for what, and what it answered. */
export const K8S_AUDIT_FIELDS = fieldsOf(
  ['k8s_audit'],
  [
    ['ka.auditid', 'CHARBUF', 'id of the audit event'],
    ['ka.stage', 'CHARBUF', 'RequestReceived, ResponseStarted, ResponseComplete or Panic'],
    ['ka.auth.decision', 'CHARBUF', 'allow or forbid'],
    ['ka.auth.reason', 'CHARBUF', 'why access was allowed or forbidden'],
    ['ka.auth.openshift.decision', 'CHARBUF', 'decision of the OpenShift login'],
    ['ka.auth.openshift.username', 'CHARBUF', 'user of the OpenShift login'],
    ['ka.validations.admission.policy.failure', 'CHARBUF', 'failure of a validating admission policy'],
    ['ka.security.pod.violations', 'CHARBUF', 'violations of the pod security standard'],
    ['ka.user.name', 'CHARBUF', 'user who asked'],
    ['ka.user.groups', 'CHARBUF', 'groups of the user who asked', LIST],
    ['ka.impuser.name', 'CHARBUF', 'user who was impersonated'],
    ['ka.verb', 'CHARBUF', 'get, list, watch, create, update, patch, delete, deletecollection'],
    ['ka.uri', 'CHARBUF', 'request URI'],
    ['ka.uri.param', 'CHARBUF', 'value of a query parameter: ka.uri.param[command]', KEY],
    ['ka.target.name', 'CHARBUF', 'name of the object'],
    ['ka.target.namespace', 'CHARBUF', 'namespace of the object'],
    ['ka.target.resource', 'CHARBUF', 'resource: pods, configmaps, …'],
    ['ka.target.subresource', 'CHARBUF', 'subresource: exec, scale, …'],
    ['ka.target.pod.name', 'CHARBUF', 'name of the pod, for requests on pods'],
    ['ka.req.binding.subjects', 'CHARBUF', 'subjects of a role binding, as JSON', LIST],
    ['ka.req.binding.subjects.user_names', 'CHARBUF', 'users of a role binding', LIST],
    ['ka.req.binding.subjects.serviceaccount_names', 'CHARBUF', 'service accounts of a role binding', LIST],
    [
      'ka.req.binding.subjects.serviceaccount_ns_names',
      'CHARBUF',
      'service accounts of a role binding as namespace:name',
      LIST,
    ],
    ['ka.req.binding.subjects.group_names', 'CHARBUF', 'groups of a role binding', LIST],
    ['ka.req.binding.role', 'CHARBUF', 'role that a binding grants'],
    ['ka.req.binding.subject.has_name', 'CHARBUF', 'always N/A', { ...KEY, ...GONE }],
    ['ka.req.configmap.name', 'CHARBUF', 'name of a ConfigMap in the request'],
    ['ka.req.configmap.obj', 'CHARBUF', 'data of a ConfigMap in the request, as JSON'],
    ['ka.req.container.image', 'CHARBUF', 'image of the first container', GONE],
    ['ka.req.container.image.repository', 'CHARBUF', 'image of the first container, without tag', GONE],
    ['ka.req.container.host_network', 'CHARBUF', 'older name of ka.req.pod.host_network', GONE],
    ['ka.req.container.privileged', 'CHARBUF', 'true when any container is privileged', GONE],
    ['ka.req.pod.host_ipc', 'CHARBUF', 'hostIPC of a pod in the request'],
    ['ka.req.pod.host_network', 'CHARBUF', 'hostNetwork of a pod in the request'],
    ['ka.req.pod.host_pid', 'CHARBUF', 'hostPID of a pod in the request'],
    ['ka.req.pod.run_as_user', 'CHARBUF', 'runAsUser of the pod'],
    ['ka.req.pod.run_as_group', 'CHARBUF', 'runAsGroup of the pod'],
    ['ka.req.pod.fs_group', 'CHARBUF', 'fsGroup of the pod'],
    ['ka.req.pod.supplemental_groups', 'CHARBUF', 'supplementalGroups of the pod', LIST],
    ...containerRows('containers', 'containers'),
    ...containerRows('initContainers', 'init containers'),
    ...containerRows('ephemeralContainers', 'ephemeral containers').filter(([name]) => !name.endsWith('.host_port')),
    ['ka.req.role.rules', 'CHARBUF', 'rules of a role, as JSON', LIST],
    ['ka.req.role.rules.apiGroups', 'CHARBUF', 'API groups of the rules of a role', ITEMS],
    ['ka.req.role.rules.nonResourceURLs', 'CHARBUF', 'URLs of the rules of a role', ITEMS],
    ['ka.req.role.rules.verbs', 'CHARBUF', 'verbs of the rules of a role', ITEMS],
    ['ka.req.role.rules.resources', 'CHARBUF', 'resources of the rules of a role', ITEMS],
    ['ka.req.service.type', 'CHARBUF', 'type of a Service in the request'],
    ['ka.req.service.ports', 'CHARBUF', 'ports of a Service in the request, as JSON', ITEMS],
    ['ka.req.pod.volumes.hostpath', 'CHARBUF', 'hostPath paths of the volumes', ITEMS],
    [
      'ka.req.volume.hostpath',
      'CHARBUF',
      'true when a volume uses this hostPath, which may end in *',
      { ...KEY, ...GONE },
    ],
    ['ka.req.pod.volumes.flexvolume_driver', 'CHARBUF', 'flexVolume drivers of the volumes', ITEMS],
    ['ka.req.pod.volumes.volume_type', 'CHARBUF', 'types of the volumes', ITEMS],
    ['ka.resp.name', 'CHARBUF', 'name of the object in the response'],
    ['ka.response.code', 'CHARBUF', 'HTTP status of the response'],
    ['ka.response.reason', 'CHARBUF', 'reason of a failure'],
    ['ka.useragent', 'CHARBUF', 'client program'],
    ['ka.sourceips', 'CHARBUF', 'addresses the request came from', ITEMS],
    ['ka.cluster.name', 'CHARBUF', 'name of the cluster, where the event says it'],
  ],
);

/** The same columns exist for each of the three kinds of containers of a pod. */
function containerRows(key: string, words: string): readonly FieldRow[] {
  const prefix = `ka.req.pod.${key}`;
  return [
    [`${prefix}.name`, 'CHARBUF', `names of the ${words}`, ITEMS],
    [`${prefix}.image`, 'CHARBUF', `images of the ${words}`, ITEMS],
    [`${prefix}.image.repository`, 'CHARBUF', `images of the ${words}, without tag`, ITEMS],
    [`${prefix}.command`, 'CHARBUF', `commands of the ${words}`, ITEMS],
    [`${prefix}.args`, 'CHARBUF', `arguments of the ${words}`, ITEMS],
    [`${prefix}.host_port`, 'CHARBUF', `hostPort of the ${words}`, ITEMS],
    [`${prefix}.privileged`, 'CHARBUF', `privileged flags of the ${words}`, ITEMS],
    [`${prefix}.allow_privilege_escalation`, 'CHARBUF', `allowPrivilegeEscalation of the ${words}`, ITEMS],
    [`${prefix}.read_only_fs`, 'CHARBUF', `readOnlyRootFilesystem of the ${words}`, ITEMS],
    [`${prefix}.run_as_user`, 'CHARBUF', `runAsUser of the ${words}`, ITEMS],
    [`${prefix}.eff_run_as_user`, 'CHARBUF', `user that the ${words} start with; 0 unless one is set`, ITEMS],
    [`${prefix}.run_as_group`, 'CHARBUF', `runAsGroup of the ${words}`, ITEMS],
    [`${prefix}.eff_run_as_group`, 'CHARBUF', `group that the ${words} start with; 0 unless one is set`, ITEMS],
    [`${prefix}.proc_mount`, 'CHARBUF', `procMount of the ${words}`, ITEMS],
    [`${prefix}.add_capabilities`, 'CHARBUF', `capabilities added to the ${words}`, ITEMS],
  ];
}
