import { posix } from 'node:path';
import type { FieldValue } from '../../event/types.ts';
import type { FileDescriptor, SocketDescriptor } from '../descriptor.ts';
import type { FieldReader } from '../syscall-event.ts';

/** On what: a file, or the two ends of a connection. A process that connects is the client. */
export const DESCRIPTOR_FIELDS: Readonly<Record<string, FieldReader>> = {
  'fd.num': ({ descriptor }) => descriptor?.number,
  'fd.type': either(
    (file) => (file.isDirectory ? 'directory' : 'file'),
    (socket) => (socket.family === 'other' ? undefined : socket.family),
  ),
  'fd.typechar': either(
    (file) => (file.isDirectory ? 'd' : 'f'),
    (socket) => ({ ipv4: '4', ipv6: '6', unix: 'u', other: 'o' })[socket.family],
  ),
  'fd.name': either((file) => file.path, socketName),
  'fd.nameraw': either((file) => file.givenPath, socketName),
  'fd.directory': file((found) => posix.dirname(found.path)),
  'fd.filename': file((found) => posix.basename(found.path)),
  'fd.dev': file((found) => (found.number < 0 ? undefined : found.device)),
  'fd.ino': file((found) => (found.number < 0 ? undefined : Number(found.inode))),
  'fd.ip': socket(({ local, remote }) => both(local?.address, remote?.address)),
  'fd.cip': socket(({ local }) => local?.address),
  'fd.sip': socket(({ remote }) => remote?.address),
  'fd.lip': socket(({ local }) => local?.address),
  'fd.rip': socket(({ remote }) => remote?.address),
  'fd.net': socket(({ local, remote }) => both(local?.address, remote?.address)),
  'fd.cnet': socket(({ local }) => local?.address),
  'fd.snet': socket(({ remote }) => remote?.address),
  'fd.lnet': socket(({ local }) => local?.address),
  'fd.rnet': socket(({ remote }) => remote?.address),
  'fd.port': socket(({ local, remote }) => both(local?.port, remote?.port)),
  'fd.cport': socket(({ local }) => local?.port),
  'fd.sport': socket(({ remote }) => remote?.port),
  'fd.lport': socket(({ local }) => local?.port),
  'fd.rport': socket(({ remote }) => remote?.port),
  'fd.l4proto': socket(({ protocol }) => protocol),
  'fd.sockfamily': socket(({ family }) => (family === 'unix' ? 'unix' : family === 'other' ? undefined : 'ip')),
  'fd.is_server': socket(() => false),
  'fd.connected': socket(({ isConnected }) => isConnected),
  'fd.name_changed': either(
    (found) => found.number >= 0,
    ({ isConnected, remote }) => isConnected && remote !== undefined,
  ),
};

function either(
  ofFile: (file: FileDescriptor) => FieldValue | undefined,
  ofSocket: (socket: SocketDescriptor) => FieldValue | undefined,
): FieldReader {
  return ({ descriptor }) => {
    if (descriptor === undefined) return undefined;
    return descriptor.kind === 'file' ? ofFile(descriptor) : ofSocket(descriptor);
  };
}

function file(read: (file: FileDescriptor) => FieldValue | undefined): FieldReader {
  return either(read, () => undefined);
}

function socket(read: (socket: SocketDescriptor) => FieldValue | undefined): FieldReader {
  return either(() => undefined, read);
}

function both<T extends string | number>(local: T | undefined, remote: T | undefined): readonly T[] | undefined {
  const ends = [local, remote].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : ends;
}

/** `10.0.0.1:4711->10.0.0.2:80`; of a connect that failed, what is known of it. */
function socketName({ local, remote, path }: SocketDescriptor): string | undefined {
  if (remote === undefined) return path;
  const to = `${remote.address}:${String(remote.port)}`;
  return local === undefined ? to : `${local.address}:${String(local.port)}->${to}`;
}
