import { AuditEvent, auditItems } from '../../../../detector/event/audit-event.ts';
import type { JsonValue } from '../../../../detector/event/json.ts';

const EVENT: JsonValue = {
  auditID: 'a1',
  stage: 'ResponseComplete',
  stageTimestamp: '2018-10-26T13:38:34.902914Z',
  verb: 'create',
  requestURI: '/api/v1/pods?command=sh&command=-c&tty=true',
  user: { username: 'olga', groups: ['oncall', 'system:authenticated'] },
  sourceIPs: ['10.0.0.9'],
  objectRef: { resource: 'pods', namespace: 'shop', name: 'p' },
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
  responseStatus: { code: 201 },
  requestObject: {
    spec: {
      hostPID: true,
      securityContext: { runAsUser: 7 },
      containers: [
        { name: 'a', image: 'reg:5000/x/y:1@sha256:0', securityContext: { privileged: true, runAsUser: 0 } },
        { name: 'b', image: 'z', args: ['-v', '-x'], ports: [{ hostPort: 80 }, {}] },
      ],
      volumes: [
        { name: 'v', hostPath: { path: '/etc' } },
        { name: 'e', emptyDir: {} },
      ],
      type: 'NodePort',
      ports: [{ port: 80 }],
    },
    rules: [{ verbs: ['get', '*'], resources: ['pods'] }, { verbs: ['list'] }],
    subjects: [
      { kind: 'User', name: 'u' },
      { kind: 'ServiceAccount', name: 's', namespace: 'n' },
    ],
    roleRef: { name: 'admin' },
    data: { 'a/b': 'x' },
  },
};

describe('AuditEvent', () => {
  test.each([
    ['ka.user.name', undefined, 'olga'],
    ['ka.user.groups', undefined, ['oncall', 'system:authenticated']],
    ['ka.verb', undefined, 'create'],
    ['ka.target.subresource', undefined, undefined],
    ['ka.target.pod.name', undefined, 'p'],
    ['ka.response.code', undefined, '201'],
    ['ka.auth.decision', undefined, 'allow'],
    ['ka.auth.reason', undefined, ''],
    ['ka.uri.param', 'command', 'sh'],
    ['ka.uri.param', 'stdin', undefined],
    ['ka.sourceips', '0', ['10.0.0.9']],
    ['ka.req.pod.host_pid', undefined, 'true'],
    ['ka.req.pod.host_network', undefined, undefined],
    ['ka.req.pod.containers.image', undefined, ['reg:5000/x/y:1@sha256:0', 'z']],
    ['ka.req.pod.containers.image', '1', ['z']],
    ['ka.req.pod.containers.image', '2', undefined],
    ['ka.req.pod.containers.image.repository', undefined, ['reg:5000/x/y', 'z']],
    ['ka.req.container.image.repository', undefined, ['reg:5000/x/y']],
    ['ka.req.pod.containers.privileged', undefined, ['true']],
    ['ka.req.container.privileged', undefined, 'true'],
    ['ka.req.pod.containers.args', undefined, ['-v', '-x']],
    ['ka.req.pod.containers.host_port', undefined, ['80']],
    ['ka.req.pod.containers.eff_run_as_user', undefined, ['0', '7']],
    ['ka.req.pod.containers.eff_run_as_group', undefined, ['0', '0']],
    ['ka.req.pod.initContainers.image', undefined, undefined],
    ['ka.req.pod.volumes.hostpath', undefined, ['/etc']],
    ['ka.req.pod.volumes.volume_type', undefined, ['hostPath', 'emptyDir']],
    ['ka.req.volume.hostpath', '/et*', 'true'],
    ['ka.req.volume.hostpath', '/var', 'false'],
    ['ka.req.role.rules.verbs', undefined, ['get', '*', 'list']],
    ['ka.req.role.rules.verbs', '1', ['list']],
    ['ka.req.binding.role', undefined, 'admin'],
    ['ka.req.binding.subjects.user_names', undefined, ['u']],
    ['ka.req.binding.subjects.serviceaccount_ns_names', undefined, ['n:s']],
    ['ka.req.binding.subjects.group_names', undefined, undefined],
    ['ka.req.configmap.obj', undefined, '{"a/b":"x"}'],
    ['ka.req.service.ports', undefined, ['[{"port":80}]']],
    ['jevt.value', '/objectRef/name', 'p'],
    ['jevt.value', '/requestObject/spec/containers/1/name', 'b'],
    ['jevt.value', '/requestObject/data/a~1b', 'x'],
    ['json.value', '/nothing', undefined],
  ])('has %s[%s]', (name, argument, expected) => {
    expect(new AuditEvent(EVENT, 1).field(name, argument)).toEqual(expected);
  });

  test('happens when its stage is reached', () => {
    expect(new AuditEvent(EVENT, 1).timeNs).toBe(1_540_561_114_902_914_000n);
  });

  test('is found in lists, and nothing else is', () => {
    expect(auditItems([{ kind: 'EventList', items: [EVENT, { kind: 'Pod' }] }, 7, EVENT])).toEqual([EVENT, EVENT]);
  });
});
