import { DescriptorNames } from '../../../../detector/enrich/descriptor-names.ts';
import { ARGUMENT_NAMES } from '../../../../detector/enrich/fields/call.ts';
import { ProcessTable } from '../../../../detector/enrich/process-table.ts';
import { EVENT_TYPES } from '../../../../detector/event/event-types.ts';
import { encodeWalkedPath, type RecordParts } from '../../../../detector/source/record.ts';
import { RECORD_TYPES } from '../../../../detector/source/record-types.ts';
import { ask, callOf, eventOf } from './events.ts';
import { execOf, recordOf } from './records.ts';

const SOCKET_MODE = 0o140777;
const V4 = { mode: SOCKET_MODE, family: 2, type: 1, protocol: 6, number: 5 } as const;
const OWN = Buffer.from([10, 0, 0, 1]);
const PEER = Buffer.from([192, 168, 0, 1]);

describe('a connect', () => {
  const toV4 = Buffer.from('02000050c0a80001000000000000', 'hex');

  test('shows both ends, the process being the client', () => {
    const descriptor = { ...V4, local: OWN, remote: PEER, localPort: 40000, remotePort: 80 };
    const event = callOf('connect', { numbers: [5n], strings: [toV4], descriptor });
    const expected = {
      'fd.name': '10.0.0.1:40000->192.168.0.1:80',
      'fd.type': 'ipv4',
      'fd.typechar': '4',
      'fd.l4proto': 'tcp',
      'fd.cip': '10.0.0.1',
      'fd.sip': '192.168.0.1',
      'fd.sport': 80,
      'fd.ip': ['10.0.0.1', '192.168.0.1'],
      'fd.port': [40000, 80],
      'fd.connected': true,
      'fd.num': 5,
      'fd.is_server': false,
      'evt.arg.addr': '192.168.0.1:80',
      'evt.arg.tuple': '10.0.0.1:40000->192.168.0.1:80',
    };
    expect(ask(event, Object.keys(expected))).toEqual(expected);
  });

  test('that is refused still tells where it wanted to go', () => {
    const descriptor = { ...V4, type: 2, protocol: 17 };
    const event = callOf('connect', { result: -111, numbers: [5n], strings: [toV4], descriptor });
    expect(ask(event, ['fd.name', 'fd.sip', 'fd.cip', 'fd.l4proto', 'fd.connected', 'evt.res'])).toEqual({
      'fd.name': '192.168.0.1:80',
      'fd.sip': '192.168.0.1',
      'fd.cip': undefined,
      'fd.l4proto': 'udp',
      'fd.connected': false,
      'evt.res': 'ECONNREFUSED',
    });
  });

  test('on what is no open descriptor tells where it wanted to go', () => {
    const event = callOf('connect', { result: -9, numbers: [77n], strings: [toV4] });
    expect(ask(event, ['fd.num', 'fd.name', 'fd.type', 'evt.res'])).toEqual({
      'fd.num': 77,
      'fd.name': '192.168.0.1:80',
      'fd.type': 'ipv4',
      'evt.res': 'EBADF',
    });
  });

  test.each([
    ['a path', Buffer.from('\x01\0/run/x.sock\0rubbish', 'latin1'), '/run/x.sock'],
    ['an abstract name', Buffer.from('\x01\0\0hidden', 'latin1'), '@hidden'],
  ])('to a unix socket with %s', (_, address, path) => {
    const event = callOf('connect', {
      numbers: [3n],
      strings: [address],
      descriptor: { mode: SOCKET_MODE, family: 1 },
    });
    expect(ask(event, ['fd.type', 'fd.name', 'fd.sockfamily'])).toEqual({
      'fd.type': 'unix',
      'fd.name': path,
      'fd.sockfamily': 'unix',
    });
  });

  test('over IPv6 to an IPv4 address is IPv4', () => {
    const mapped = Buffer.from('00000000000000000000ffff0a000002', 'hex');
    const descriptor = { ...V4, family: 10, local: mapped, remote: mapped, localPort: 1, remotePort: 2 };
    const event = callOf('connect', { numbers: [3n], descriptor });
    expect(ask(event, ['fd.type', 'fd.sip'])).toEqual({ 'fd.type': 'ipv4', 'fd.sip': '10.0.0.2' });
  });

  test.each([['', '02', '0200', '0a000050', '02000050c0a8']])('survives the address %j', (hex) => {
    const event = callOf('connect', { result: -22, strings: [Buffer.from(hex, 'hex')] });
    expect(event.field('fd.sip')).toBeUndefined();
  });
});

describe('sockets', () => {
  const LISTENING = 10;
  const ESTABLISHED = 1;

  test('that listen are servers, named by their own address', () => {
    const descriptor = { ...V4, state: LISTENING, local: Buffer.alloc(4), localPort: 8080 };
    const event = callOf('listen', { numbers: [5n, 128n], descriptor });
    expect(ask(event, ['fd.name', 'fd.is_server', 'fd.sport', 'fd.cport', 'fd.connected', 'evt.arg.fd'])).toEqual({
      'fd.name': '0.0.0.0:8080',
      'fd.is_server': true,
      'fd.sport': 8080,
      'fd.cport': undefined,
      'fd.connected': false,
      'evt.arg.fd': '<4>0.0.0.0:8080',
    });
  });

  test('that were accepted name the client first', () => {
    const ends = { local: OWN, localPort: 80, remote: PEER, remotePort: 50000 };
    const event = callOf('accept4', { result: 7, descriptor: { ...V4, ...ends, state: ESTABLISHED, number: 7 } });
    expect(ask(event, ['fd.name', 'fd.cip', 'fd.sip', 'fd.lip', 'fd.rip', 'evt.arg.tuple', 'fd.connected'])).toEqual({
      'fd.name': '192.168.0.1:50000->10.0.0.1:80',
      'fd.cip': '192.168.0.1',
      'fd.sip': '10.0.0.1',
      'fd.lip': '10.0.0.1',
      'fd.rip': '192.168.0.1',
      'evt.arg.tuple': '192.168.0.1:50000->10.0.0.1:80',
      'fd.connected': true,
    });
  });

  test('of datagrams have the peer that the call names, and change their name with it', () => {
    const descriptorNames = new DescriptorNames();
    const toPeer = (last: number): Buffer => Buffer.from([2, 0, 0, 53, 192, 168, 0, last, 0, 0, 0, 0, 0, 0, 0, 0]);
    const descriptor = { ...V4, type: 2, protocol: 17, local: OWN, localPort: 40000 };
    const send = (last: number) =>
      ask(callOf('sendto', { result: 3, strings: [toPeer(last), '', 'abc'], descriptor }, { descriptorNames }), [
        'fd.name',
        'fd.name_changed',
        'fd.connected',
        'evt.buffer',
      ]);
    const first = { 'fd.name': '10.0.0.1:40000->192.168.0.1:53', 'fd.connected': false, 'evt.buffer': 'abc' };
    expect(send(1)).toEqual({ ...first, 'fd.name_changed': true });
    expect(send(1)).toEqual({ ...first, 'fd.name_changed': false });
    expect(send(2)).toMatchObject({ 'fd.name': '10.0.0.1:40000->192.168.0.2:53', 'fd.name_changed': true });
  });

  test('that were connected before anybody looked have the lower port for the server', () => {
    const ends = { local: OWN, localPort: 443, remote: PEER, remotePort: 50000, state: ESTABLISHED };
    expect(callOf('recvfrom', { result: 1, descriptor: { ...V4, ...ends } }).field('fd.is_server')).toBe(true);
    const others = { ...ends, localPort: 50000, remotePort: 443 };
    expect(callOf('recvfrom', { result: 1, descriptor: { ...V4, ...others } }).field('fd.is_server')).toBe(false);
  });
});

describe('descriptors without a file', () => {
  test.each([
    ['a pipe', { mode: 0o010600 }, '', 'pipe', 'p', ''],
    ['a memory file', { mode: 0o100777 }, 'memfd:program\0', 'memfd', 'm', 'program'],
    ['an event descriptor', { mode: 0o600 }, '[eventfd]\0', 'event', 'e', ''],
    ['a directory', { mode: 0o040755 }, encodeWalkedPath('/etc/ssl'), 'directory', 'd', '/etc/ssl'],
    ['a file', { mode: 0o100644 }, encodeWalkedPath('/etc/hosts'), 'file', 'f', '/etc/hosts'],
  ])('%s', (_, descriptor, path, type, character, name) => {
    const event = callOf('fcntl', { strings: ['', '', '', '', path], descriptor });
    expect(ask(event, ['fd.type', 'fd.typechar', 'fd.name', 'evt.arg.fd'])).toEqual({
      'fd.type': type,
      'fd.typechar': character,
      'fd.name': name,
      'evt.arg.fd': `<${character}>${name}`,
    });
  });
});

describe('arguments of calls', () => {
  const AT_FDCWD = 0xffffff9cn;

  test.each<readonly [string, RecordParts['type'], Partial<RecordParts>, Readonly<Record<string, unknown>>]>([
    [
      'an unlink below the cwd',
      'unlinkat',
      { numbers: [AT_FDCWD, 1n, 0x200n], strings: ['../x', encodeWalkedPath('/var/log')] },
      {
        'evt.arg.name': '/var/x',
        'evt.arg.flags': 'AT_REMOVEDIR',
        'fs.path.name': '/var/x',
        'fs.path.nameraw': '../x',
      },
    ],
    [
      'a rename',
      'renameat2',
      {
        numbers: [AT_FDCWD, 1n, 7n, 2n, 1n],
        strings: ['/etc/a', '', 'b', encodeWalkedPath('/srv')],
      },
      {
        'evt.arg.oldpath': '/etc/a',
        'evt.arg.newpath': '/srv/b',
        'evt.arg.flags': 'RENAME_NOREPLACE',
        'fs.path.source': '/etc/a',
        'fs.path.target': '/srv/b',
        'fs.path.name': undefined,
      },
    ],
    [
      'a symlink, whose target is a mere text',
      'symlink',
      { strings: ['../etc', '', 'link', encodeWalkedPath('/tmp')] },
      { 'evt.arg.target': '../etc', 'evt.arg.linkpath': '/tmp/link' },
    ],
    ['a mkdir', 'mkdir', { numbers: [1n, 0o700n], strings: ['/x'] }, { 'evt.arg.path': '/x', 'evt.arg.mode': '1C0' }],
    [
      'a chmod',
      'fchmodat',
      { numbers: [AT_FDCWD, 1n, 0o4600n], strings: ['/x'] },
      { 'evt.arg.mode': 'S_IWUSR|S_IRUSR|S_ISUID', 'evt.arg.filename': '/x', 'evt.arg.dirfd': 'AT_FDCWD' },
    ],
    ['a ptrace', 'ptrace', { numbers: [16n, 42n] }, { 'evt.arg.request': 'PTRACE_ATTACH', 'evt.arg.pid': 42 }],
    ['a signal', 'kill', { numbers: [42n, 9n] }, { 'evt.arg.sig': 'SIGKILL', 'evt.arg.pid': 42 }],
    ['a signal to a group', 'kill', { numbers: [0xffffffffffffffffn, 15n] }, { 'evt.arg.pid': -1 }],
    ['an unshare', 'unshare', { numbers: [0x10000000n] }, { 'evt.arg.flags': 'CLONE_NEWUSER' }],
    ['a change of the user', 'setuid', { numbers: [1000n] }, { 'evt.arg.uid': 'ann' }],
    ['a change to an unknown user', 'setuid', { numbers: [4711n] }, { 'evt.arg.uid': '4711' }],
    [
      'a packet socket',
      'socket',
      { result: 3, numbers: [17n, 3n, 0n], strings: [] },
      { 'evt.arg.domain': 'AF_PACKET', 'evt.rawres': 3 },
    ],
    ['a netlink socket', 'socket', { numbers: [16n] }, { 'evt.arg.domain': 'AF_ROUTE|AF_NETLINK' }],
    ['a program for the kernel', 'bpf', { numbers: [5n] }, { 'evt.arg.cmd': 'BPF_PROG_LOAD' }],
    [
      'a call that failed',
      'userfaultfd',
      { result: -1, numbers: [0n] },
      { 'evt.res': 'EPERM', 'evt.arg.flags': 'O_NONE', 'evt.args': 'res=EPERM flags=O_NONE' },
    ],
    ['a module', 'init_module', { numbers: [0n, 99n], strings: ['debug=1'] }, { 'evt.arg.uargs': 'debug=1' }],
  ])('%s', (_, type, parts, expected) => {
    expect(ask(callOf(type, parts), Object.keys(expected))).toEqual(expected);
  });

  test('name the process that a signal is for, unless ids mean others where it comes from', () => {
    const table = new ProcessTable();
    table.apply(execOf({ pid: 42, startNs: 1n, args: ['kubelet'] }));
    const context = { findProcess: (pid: number) => table.find(pid) };
    const target = (pid: bigint, ids: RecordParts['ids']) =>
      ask(callOf('kill', { timeNs: 2n, numbers: [pid, 19n], ids: { pid: 20, ...ids } }, context), ['evt.arg.pid'])[
        'evt.arg.pid'
      ];
    expect([target(42n, { vpid: 20 }), target(43n, { vpid: 20 }), target(42n, { vpid: 7 })]).toEqual([
      'kubelet',
      43,
      42,
    ]);
  });

  test('are read for every call that the sensor reports', () => {
    const silent = RECORD_TYPES.filter((type) => type !== '').filter(
      (type) => EVENT_TYPES.get(type)?.some(({ name }) => ARGUMENT_NAMES.has(name)) !== true,
    );
    expect(silent).toEqual([]);
  });
});

test('a change of directory changes what relative paths and proc.cwd mean from then on', () => {
  const table = new ProcessTable();
  table.apply(execOf({ pid: 20, startNs: 1n, args: ['sh'], cwd: '/root' }));
  const chdir = recordOf({
    type: 'chdir',
    startNs: 1n,
    ids: { pid: 20 },
    strings: ['tmp', '', '', '', encodeWalkedPath('/root/tmp')],
  });
  expect(eventOf(chdir, table).field('proc.cwd')).toBe('/root/tmp');
  const failed = recordOf({ type: 'chdir', startNs: 1n, result: -2, ids: { pid: 20 }, strings: ['nowhere'] });
  expect(eventOf(failed, table).field('proc.cwd')).toBe('/root/tmp');
});

test('the environment is known by variable, and as a whole', () => {
  const event = eventOf(
    recordOf({
      type: 'execve',
      startNs: 1n,
      ids: { pid: 20 },
      numbers: [0n, 0n, 0n, 77n],
      strings: ['sh\0', 'sh', encodeWalkedPath('/bin/sh'), '', '', '', 'HOME=/root\0LD_PRELOAD=/tmp/x.so\0'],
    }),
  );
  expect(ask(event, ['proc.env', 'proc.env[LD_PRELOAD]', 'proc.env[PATH]'])).toEqual({
    'proc.env': 'HOME=/root LD_PRELOAD=/tmp/x.so',
    'proc.env[LD_PRELOAD]': '/tmp/x.so',
    'proc.env[PATH]': undefined,
  });
});

test('capabilities are those at the time of the event', () => {
  const capabilities = { effective: 1n << 21n, permitted: 3n };
  expect(ask(callOf('setns', { capabilities }), ['thread.cap_effective', 'thread.cap_permitted'])).toEqual({
    'thread.cap_effective': 'CAP_SYS_ADMIN',
    'thread.cap_permitted': 'CAP_CHOWN CAP_DAC_OVERRIDE',
  });
});

test('a program that got a user namespace of its own still has the capabilities of before', () => {
  const table = new ProcessTable();
  const before = { permitted: 1n };
  const all = { permitted: (1n << 41n) - 1n };
  table.apply(
    recordOf({ type: 'execve', startNs: 1n, ids: { pid: 20 }, numbers: [0n, 0n, 0n, 7n], capabilities: before }),
  );
  const unshare = recordOf({ type: 'unshare', startNs: 1n, ids: { pid: 20 }, capabilities: all });
  expect(ask(eventOf(unshare, table), ['thread.cap_permitted'])).toEqual({ 'thread.cap_permitted': 'CAP_CHOWN' });
});
