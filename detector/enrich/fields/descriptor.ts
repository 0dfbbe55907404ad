import { posix } from 'node:path';
import type { FieldValue } from '../../event/types.ts';
import type { Descriptor, Endpoint, FileDescriptor, OtherType, SocketDescriptor } from '../descriptor.ts';
import type { FieldReader } from '../syscall-event.ts';

/** On what: a file, the two ends of a connection, or something without a name in the file tree. */
export const DESCRIPTOR_FIELDS: Readonly<Record<string, FieldReader>> = {
  'fd.num': ({ descriptor }) => descriptor?.number,
  'fd.type': ({ descriptor }) => descriptor && descriptorType(descriptor),
  'fd.typechar': ({ descriptor }) => descriptor && typeCharacter(descriptor),
  'fd.name': ({ descriptor }) => descriptor && descriptorName(descriptor),
  'fd.nameraw': either((file) => file.givenPath, socketName),
  'fd.directory': file((found) => posix.dirname(found.path)),
  'fd.filename': file((found) => posix.basename(found.path)),
  'fd.dev': file((found) => (found.number < 0 ? undefined : found.device)),
  'fd.ino': file((found) => (found.number < 0 ? undefined : Number(found.inode))),
  'fd.ip': socket(({ local, remote }) => both(local?.address, remote?.address)),
  'fd.cip': client(({ address }) => address),
  'fd.sip': server(({ address }) => address),
  'fd.lip': socket(({ local }) => local?.address),
  'fd.rip': socket(({ remote }) => remote?.address),
  'fd.net': socket(({ local, remote }) => both(local?.address, remote?.address)),
  'fd.cnet': client(({ address }) => address),
  'fd.snet': server(({ address }) => address),
  'fd.lnet': socket(({ local }) => local?.address),
  'fd.rnet': socket(({ remote }) => remote?.address),
  'fd.port': socket(({ local, remote }) => both(local?.port, remote?.port)),
  'fd.cport': client(({ port }) => port),
  'fd.sport': server(({ port }) => port),
  'fd.lport': socket(({ local }) => local?.port),
  'fd.rport': socket(({ remote }) => remote?.port),
  'fd.cip.name': hostName('fd.cip'),
  'fd.sip.name': hostName('fd.sip'),
  'fd.lip.name': hostName('fd.lip'),
  'fd.rip.name': hostName('fd.rip'),
  'fd.l4proto': socket(({ protocol }) => protocol),
  'fd.sockfamily': socket(({ family }) => (isInternet(family) ? 'ip' : family === 'unix' ? 'unix' : undefined)),
  'fd.is_server': socket(({ role }) => role === 'server'),
  'fd.connected': socket(({ isConnected }) => isConnected),
  'fd.name_changed': (event) => event.hasNewName,
};

/** `<f>/etc/hosts`, `<4>10.0.0.1:4711->10.0.0.2:80`: how arguments show a descriptor. */
export function descriptorText(descriptor: Descriptor): string {
  return `<${typeCharacter(descriptor)}>${descriptorName(descriptor) ?? ''}`;
}

/** Full path, `client->server`, or the name that a thing without a path has. */
export function descriptorName(descriptor: Descriptor): string | undefined {
  switch (descriptor.kind) {
    case 'file':
      return descriptor.path;
    case 'socket':
      return socketName(descriptor);
    case 'other':
      return descriptor.name;
  }
}

const OTHER_CHARACTERS: Readonly<Record<OtherType, string>> = {
  pipe: 'p',
  memfd: 'm',
  event: 'e',
  eventpoll: 'l',
  signalfd: 's',
  timerfd: 't',
  inotify: 'i',
  userfaultfd: 'u',
  bpf: 'b',
  pidfd: 'P',
  iouring: 'r',
};

function descriptorType(descriptor: Descriptor): string | undefined {
  switch (descriptor.kind) {
    case 'file':
      return descriptor.isDirectory ? 'directory' : 'file';
    case 'socket':
      return descriptor.family === 'other' ? undefined : descriptor.family;
    case 'other':
      return descriptor.type;
  }
}

function typeCharacter(descriptor: Descriptor): string {
  switch (descriptor.kind) {
    case 'file':
      return descriptor.isDirectory ? 'd' : 'f';
    case 'socket':
      return { ipv4: '4', ipv6: '6', unix: 'u', netlink: 'n', other: 'o' }[descriptor.family];
    case 'other':
      return OTHER_CHARACTERS[descriptor.type];
  }
}

function either(
  ofFile: (file: FileDescriptor) => FieldValue | undefined,
  ofSocket: (socket: SocketDescriptor) => FieldValue | undefined,
): FieldReader {
  return ({ descriptor }) => {
    if (descriptor?.kind === 'file') return ofFile(descriptor);
    return descriptor?.kind === 'socket' ? ofSocket(descriptor) : undefined;
  };
}

function file(read: (file: FileDescriptor) => FieldValue | undefined): FieldReader {
  return either(read, () => undefined);
}

function socket(read: (socket: SocketDescriptor) => FieldValue | undefined): FieldReader {
  return either(() => undefined, read);
}

function client(read: (end: Endpoint) => FieldValue): FieldReader {
  return socket(({ role, local, remote }) => {
    const end = role === 'client' ? local : remote;
    return end && read(end);
  });
}

function server(read: (end: Endpoint) => FieldValue): FieldReader {
  return socket(({ role, local, remote }) => {
    const end = role === 'server' ? local : remote;
    return end && read(end);
  });
}

/** Only names that are known beforehand: nothing is looked up while an event waits. */
function hostName(address: string): FieldReader {
  return (event) => {
    const value = event.field(address);
    return typeof value === 'string' ? event.context.hostNames.get(value) : undefined;
  };
}

function isInternet(family: SocketDescriptor['family']): boolean {
  return family === 'ipv4' || family === 'ipv6';
}

function both<T extends string | number>(local: T | undefined, remote: T | undefined): readonly T[] | undefined {
  const ends = [local, remote].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : ends;
}

/** `10.0.0.1:4711->10.0.0.2:80`, the client first; of a listener, or of a connect that failed, the one end that is known. */
function socketName({ local, remote, path, role }: SocketDescriptor): string | undefined {
  const text = ({ address, port }: Endpoint): string => `${address}:${String(port)}`;
  if (local !== undefined && remote !== undefined) {
    return role === 'client' ? `${text(local)}->${text(remote)}` : `${text(remote)}->${text(local)}`;
  }
  const end = remote ?? (role === 'server' ? local : undefined);
  return end === undefined ? path : text(end);
}
