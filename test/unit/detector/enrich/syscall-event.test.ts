import { PodIndex } from '../../../../detector/enrich/pod-index.ts';
import { ProcessTable } from '../../../../detector/enrich/process-table.ts';
import { PROVIDED } from '../../../../detector/enrich/provided.ts';
import { SYSCALL_FIELD_NAMES } from '../../../../detector/enrich/readers.ts';
import { BASE_FIELDS } from '../../../../detector/event/base-fields.ts';
import { K8S_AUDIT_FIELDS } from '../../../../detector/event/fields/k8s-audit.ts';
import { FIELDS } from '../../../../detector/event/fields.ts';
import { encodeWalkedPath, type SensorRecord } from '../../../../detector/source/record.ts';
import { RECORD_TYPES } from '../../../../detector/source/record-types.ts';
import { ask, eventOf } from './events.ts';
import { podObject } from './pod-objects.ts';
import { CONTAINER_CGROUP, CONTAINER_ID, execOf, exitOf, forkOf, openOf, recordOf } from './records.ts';

/** 1 systemd → 5 containerd-shim → 20 sh → 30 cat, the last three in a pod. */
function shellInContainer(): { readonly table: ProcessTable; readonly shell: SensorRecord } {
  const table = new ProcessTable();
  table.apply(execOf({ pid: 1, ppid: 0, args: ['systemd'] }));
  table.apply(execOf({ pid: 5, ppid: 1, args: ['containerd-shim-runc-v2'], comm: 'containerd-shim' }));
  const shell = execOf({
    pid: 20,
    ppid: 5,
    args: ['sh', '-i'],
    exePath: '/bin/busybox',
    cgroup: CONTAINER_CGROUP,
    cgroupId: 42n,
    ids: { tty: 34816, vpid: 8 },
  });
  return { table, shell };
}

describe('an exec', () => {
  test('shows process, parents, terminal and account', () => {
    const { table, shell } = shellInContainer();
    const event = eventOf(shell, table);
    const expected = {
      'proc.name': 'sh',
      'proc.exe': 'sh',
      'proc.exepath': '/bin/busybox',
      'proc.args': '-i',
      'proc.args[0]': '-i',
      'proc.cmdline': 'sh -i',
      'proc.pname': 'containerd-shim',
      'proc.aname': ['containerd-shim', 'systemd'],
      'proc.aname[0]': 'sh',
      'proc.aname[1]': 'containerd-shim',
      'proc.aname[2]': 'systemd',
      'proc.aname[3]': undefined,
      'proc.pid': 20,
      'proc.vpid': 8,
      'proc.tty': 34816,
      'proc.sname': 'sh',
      'user.uid': 0,
      'user.name': 'root',
      'user.loginuid': -1,
      'user.loginname': '<NA>',
      'evt.res': 'SUCCESS',
      'evt.rawres': 0,
      'evt.arg.filename': '/bin/busybox',
      'evt.arg.exe': 'sh',
      'container.id': CONTAINER_ID.slice(0, 12),
    };
    expect(ask(event, Object.keys(expected))).toEqual(expected);
  });

  test('has no parent when that is outside of the node', () => {
    const event = eventOf(execOf({ pid: 20, ppid: 0, args: ['sh'] }));
    expect(ask(event, ['proc.pname', 'proc.aname', 'proc.pcmdline'])).toEqual({
      'proc.pname': undefined,
      'proc.aname': undefined,
      'proc.pcmdline': undefined,
    });
  });

  test.each([
    [
      'a file of the image',
      [2n, 1n << 1n],
      { 'evt.arg.flags': 'EXE_WRITABLE|EXE_LOWER_LAYER', 'proc.is_exe_upper_layer': false },
    ],
    [
      'a file written since',
      [1n, 0n],
      { 'evt.arg.flags': 'EXE_WRITABLE|EXE_UPPER_LAYER', 'proc.is_exe_upper_layer': true },
    ],
    ['memory', [4n, 0n], { 'evt.arg.flags': 'EXE_WRITABLE|EXE_FROM_MEMFD', 'proc.is_exe_from_memfd': true }],
  ])('tells that it runs %s', (_, [flags = 0n, capabilities = 0n], expected) => {
    const event = eventOf(execOf({ pid: 20, args: ['x'], numbers: [flags, capabilities, 0n, 77n, 0n, 0o100755n] }));
    expect(ask(event, Object.keys(expected))).toEqual(expected);
  });

  test('a program that its user may not write is not writable', () => {
    const numbers = [0n, 0n, 0n, 77n, 0n, 0o100755n];
    const event = eventOf(execOf({ pid: 20, args: ['x'], numbers, ids: { uid: 1000, gid: 1000 } }));
    expect(ask(event, ['evt.arg.flags', 'user.name'])).toEqual({ 'evt.arg.flags': '0', 'user.name': 'ann' });
  });

  test('that failed shows its error and leaves the process as it was', () => {
    const table = new ProcessTable();
    table.apply(execOf({ pid: 20, args: ['bash', '-l'] }));
    const failed = recordOf({
      type: 'execve',
      result: -2,
      startNs: 200n,
      comm: 'bash',
      ids: { pid: 20, tid: 20 },
      strings: ['', '/bin/nosuch'],
    });
    expect(
      ask(eventOf(failed, table), ['evt.res', 'evt.failed', 'evt.arg.filename', 'proc.cmdline', 'evt.arg.flags']),
    ).toEqual({
      'evt.res': 'ENOENT',
      'evt.failed': true,
      'evt.arg.filename': '/bin/nosuch',
      'proc.cmdline': 'bash -l',
      'evt.arg.flags': undefined,
    });
  });
});

describe('an open', () => {
  test.each([
    ['/etc/shadow', '/', '/etc/shadow', '/etc', 'shadow'],
    ['shadow', '/etc', '/etc/shadow', '/etc', 'shadow'],
    ['../etc/./shadow', '/root', '/etc/shadow', '/etc', 'shadow'],
    ['/etc//cron.d/', '/', '/etc/cron.d', '/etc', 'cron.d'],
    ['/../../top', '/', '/top', '/', 'top'],
    ['/', '/', '/', '/', ''],
  ])('of %s from %s is of %s', (given, base, path, directory, filename) => {
    const event = eventOf(openOf(20, given, { strings: [given, encodeWalkedPath(base)] }));
    expect(ask(event, ['fd.name', 'fd.nameraw', 'fd.directory', 'fd.filename', 'fd.typechar', 'fd.num'])).toEqual({
      'fd.name': path,
      'fd.nameraw': given,
      'fd.directory': directory,
      'fd.filename': filename,
      'fd.typechar': 'f',
      'fd.num': 3,
    });
  });

  const CREATED = 1n << 32n;
  test.each([
    ['read', [0o2000000n], { read: true, write: false, create: false, flags: 'O_RDONLY|O_CLOEXEC', mode: '0' }],
    ['written', [1n], { read: false, write: true, create: false, flags: 'O_WRONLY', mode: '0' }],
    ['read and written', [2n], { read: true, write: true, create: false, flags: 'O_RDWR', mode: '0' }],
    [
      'created',
      [0o101n, 0o755n, 0n, 0n, 0n, CREATED],
      { read: false, write: true, create: true, flags: 'O_CREAT|O_WRONLY|O_F_CREATED', mode: '0755' },
    ],
  ])('of a file to be %s', (_, numbers, { read, write, create, flags, mode }) => {
    const event = eventOf(openOf(20, '/x', { numbers }));
    expect(
      ask(event, ['evt.is_open_read', 'evt.is_open_write', 'evt.is_open_create', 'evt.arg.flags', 'evt.arg.mode']),
    ).toEqual({
      'evt.is_open_read': read,
      'evt.is_open_write': write,
      'evt.is_open_create': create,
      'evt.arg.flags': flags,
      'evt.arg.mode': mode,
    });
  });

  test('that failed has the path but no descriptor', () => {
    const event = eventOf(openOf(20, '/etc/shadow', { result: -13 }));
    expect(ask(event, ['evt.res', 'fd.num', 'fd.name', 'evt.arg.fd'])).toEqual({
      'evt.res': 'EACCES',
      'fd.num': -1,
      'fd.name': '/etc/shadow',
      'evt.arg.fd': 'EACCES',
    });
  });
});

describe('the entry into a container', () => {
  const inContainer = { cgroup: CONTAINER_CGROUP, cgroupId: 42n };

  test('is the process that came from outside, also for what it has started since', () => {
    const { table, shell } = shellInContainer();
    expect(eventOf(shell, table).entry).toEqual({ pid: 20, startNs: 200n, command: 'sh -i' });
    const cat = execOf({ pid: 30, ppid: 20, args: ['cat', '/x'], ids: { vpid: 9 }, ...inContainer });
    expect(eventOf(cat, table).entry).toMatchObject({ pid: 20, command: 'sh -i' });
  });

  test('is none for what the container began with, and its children', () => {
    const { table } = shellInContainer();
    const main = execOf({ pid: 40, ppid: 5, args: ['nginx'], ids: { vpid: 1 }, ...inContainer });
    expect(eventOf(main, table).entry).toBeUndefined();
    const child = execOf({ pid: 41, ppid: 40, args: ['sh'], ids: { vpid: 7 }, ...inContainer });
    expect(eventOf(child, table).entry).toBeUndefined();
  });

  test.each([
    ['on the node itself', execOf({ pid: 20, ppid: 1, args: ['sh'], ids: { vpid: 8 } })],
    ['before the parent is known', execOf({ pid: 20, ppid: 77, args: ['sh'], ids: { vpid: 8 }, ...inContainer })],
    ["among the node's processes", execOf({ pid: 20, ppid: 5, args: ['sh'], ids: { vpid: 20 }, ...inContainer })],
  ])('cannot be told %s', (_where, record) => {
    expect(eventOf(record, shellInContainer().table).entry).toBeUndefined();
  });
});

describe('facts of containers and pods', () => {
  test('come from the API', () => {
    const pods = new PodIndex();
    pods.set(podObject());
    const { table, shell } = shellInContainer();
    const event = eventOf(shell, table, { pods });
    const expected = {
      'container.name': 'nginx',
      'container.image': 'docker.io/library/nginx:1.27',
      'container.image.repository': 'docker.io/library/nginx',
      'container.image.tag': '1.27',
      'container.privileged': true,
      'k8s.pod.name': 'web-0',
      'k8s.ns.name': 'shop',
      'k8s.pod.label[app]': 'web',
    };
    expect(ask(event, Object.keys(expected))).toEqual(expected);
    expect(event.isUndecided).toBe(false);
  });

  test('name the folders of the node that the container has', () => {
    const pods = new PodIndex();
    const pod = podObject();
    const [container] = pod.spec?.containers ?? [];
    if (container === undefined) throw new Error('the pod has no container');
    const volumeMounts = [
      { name: 'docker', mountPath: '/sock', readOnly: true },
      { name: 'data', mountPath: '/data' },
    ];
    const volumes = [{ name: 'docker', hostPath: { path: '/var/run/docker.sock' } }, { name: 'data' }];
    pods.set({ ...pod, spec: { ...pod.spec, volumes, containers: [{ ...container, volumeMounts }] } });
    const { table, shell } = shellInContainer();
    const event = eventOf(shell, table, { pods });
    expect(ask(event, ['container.mounts', 'container.mount.dest[/var/run/*]', 'container.mount.dest[/etc]'])).toEqual({
      'container.mounts': '/var/run/docker.sock:/sock::false:private',
      'container.mount.dest[/var/run/*]': '/sock',
      'container.mount.dest[/etc]': 'N/A',
    });
  });

  test('that are not known yet leave the event undecided until it is settled', () => {
    const { table, shell } = shellInContainer();
    const event = eventOf(shell, table);
    expect(event.field('proc.name')).toBe('sh');
    expect(event.isUndecided).toBe(false);
    expect(event.field('k8s.pod.name')).toBeUndefined();
    expect(event.isUndecided).toBe(true);
    event.settle();
    expect(event.field('container.image.repository')).toBeUndefined();
    expect(event.isUndecided).toBe(false);
  });

  test('are not waited for on the host', () => {
    const event = eventOf(execOf({ pid: 3, args: ['kubelet'] }));
    expect(ask(event, ['container.id', 'container.name', 'k8s.pod.name', 'container.image'])).toEqual({
      'container.id': 'host',
      'container.name': 'host',
      'k8s.pod.name': undefined,
      'container.image': undefined,
    });
    expect(event.isUndecided).toBe(false);
  });

  test('an event that waits keeps the ancestors that it had', () => {
    const { table, shell } = shellInContainer();
    const event = eventOf(shell, table);
    event.hold();
    table.apply(exitOf(5, { ids: { pid: 5, ppid: 1 } }));
    expect(event.field('proc.pname')).toBe('containerd-shim');
  });
});

describe('other calls', () => {
  test('a fork shows the new process', () => {
    const table = new ProcessTable();
    table.apply(execOf({ pid: 10, args: ['bash'] }));
    const event = eventOf(forkOf(11, 10, { comm: 'bash', numbers: [0x1200011n] }), table);
    expect(ask(event, ['evt.rawres', 'proc.pid', 'proc.pname', 'evt.arg.flags'])).toEqual({
      'evt.rawres': 0,
      'proc.pid': 11,
      'proc.pname': 'bash',
      'evt.arg.flags': 'CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID',
    });
  });

  test('an exit shows how it ended, and has no result', () => {
    const event = eventOf(exitOf(11, { numbers: [0x0100n] }));
    expect(ask(event, ['evt.res', 'evt.rawres', 'evt.arg.ret', 'evt.arg.sig'])).toEqual({
      'evt.res': undefined,
      'evt.rawres': undefined,
      'evt.arg.ret': 1,
      'evt.arg.sig': 0,
    });
  });
});

describe('what is called provided', () => {
  test('is read from the sensor’s events, or answered by the engine', () => {
    const known = new Set([...SYSCALL_FIELD_NAMES, ...BASE_FIELDS.keys(), ...K8S_AUDIT_FIELDS.map(({ name }) => name)]);
    const common = FIELDS.filter(({ sources }) => sources.length === 2).map(({ name }) => name);
    const missing = [...PROVIDED.fields].filter((name) => !known.has(name) && !common.includes(name));
    expect(missing).toEqual(['evt.type.is']);
  });

  test('has names that the field table knows', () => {
    const table = new Set(FIELDS.map(({ name }) => name));
    expect([...SYSCALL_FIELD_NAMES].filter((name) => !table.has(name))).toEqual([]);
  });

  test('has the sensor’s event types', () => {
    const types = RECORD_TYPES.filter((type) => type !== '');
    expect([...PROVIDED.eventTypes].sort()).toEqual([...types, 'pluginevent'].sort());
  });
});

test('what keeps a pod’s namespaces open is a container without mounts and rights, and nothing is waited for', () => {
  const pods = new PodIndex();
  const pause = { pid: 20, args: ['/pause'], exePath: '/pause', cgroup: CONTAINER_CGROUP, ids: { vpid: 1 } };
  const event = eventOf(execOf(pause), new ProcessTable(), { pods });
  expect(ask(event, ['container.privileged', 'container.mount.dest[/etc]', 'container.image'])).toEqual({
    'container.privileged': false,
    'container.mount.dest[/etc]': 'N/A',
    'container.image': undefined,
  });
  expect(event.isUndecided).toBe(false);
  // Whoever only calls itself so is known by the API's word.
  pods.set(podObject());
  expect(ask(event, ['container.name'])).toEqual({ 'container.name': 'nginx' });
});
