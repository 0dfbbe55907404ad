/** Types of fields and event parameters, named as `falco --list --format json` names them. */
export type FieldType =
  | 'CHARBUF'
  | 'FSPATH'
  | 'FSRELPATH'
  | 'BYTEBUF'
  | 'BOOL'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FD'
  | 'PID'
  | 'ERRNO'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64'
  | 'UID'
  | 'GID'
  | 'MODE'
  | 'SIGTYPE'
  | 'SYSCALLID'
  | 'FLAGS8'
  | 'FLAGS16'
  | 'FLAGS32'
  | 'ENUMFLAGS8'
  | 'ENUMFLAGS16'
  | 'ENUMFLAGS32'
  | 'PORT'
  | 'RELTIME'
  | 'ABSTIME'
  | 'DOUBLE'
  | 'IPADDR'
  | 'IPNET'
  | 'SOCKADDR'
  | 'SOCKTUPLE'
  | 'FDLIST'
  | 'SIGSET'
  | 'DYNAMIC';

/** What a type is to an operator: all types of a family are compared alike. */
export type TypeFamily = 'string' | 'buffer' | 'bool' | 'signed' | 'unsigned' | 'double' | 'address' | 'net' | 'opaque';

/** The family of a type, and the width of its integers in bits. */
export function familyOf(type: FieldType): { readonly family: TypeFamily; readonly bits: number } {
  return FAMILIES[type];
}

const FAMILIES: Readonly<Record<FieldType, { readonly family: TypeFamily; readonly bits: number }>> = {
  CHARBUF: { family: 'string', bits: 0 },
  FSPATH: { family: 'string', bits: 0 },
  FSRELPATH: { family: 'string', bits: 0 },
  BYTEBUF: { family: 'buffer', bits: 0 },
  BOOL: { family: 'bool', bits: 0 },
  INT8: { family: 'signed', bits: 8 },
  INT16: { family: 'signed', bits: 16 },
  INT32: { family: 'signed', bits: 32 },
  INT64: { family: 'signed', bits: 64 },
  FD: { family: 'signed', bits: 64 },
  PID: { family: 'signed', bits: 64 },
  ERRNO: { family: 'signed', bits: 64 },
  UINT8: { family: 'unsigned', bits: 8 },
  UINT16: { family: 'unsigned', bits: 16 },
  UINT32: { family: 'unsigned', bits: 32 },
  UINT64: { family: 'unsigned', bits: 64 },
  UID: { family: 'unsigned', bits: 32 },
  GID: { family: 'unsigned', bits: 32 },
  MODE: { family: 'unsigned', bits: 32 },
  SIGTYPE: { family: 'unsigned', bits: 8 },
  SYSCALLID: { family: 'unsigned', bits: 16 },
  FLAGS8: { family: 'unsigned', bits: 8 },
  FLAGS16: { family: 'unsigned', bits: 16 },
  FLAGS32: { family: 'unsigned', bits: 32 },
  ENUMFLAGS8: { family: 'unsigned', bits: 8 },
  ENUMFLAGS16: { family: 'unsigned', bits: 16 },
  ENUMFLAGS32: { family: 'unsigned', bits: 32 },
  PORT: { family: 'unsigned', bits: 16 },
  RELTIME: { family: 'unsigned', bits: 64 },
  ABSTIME: { family: 'unsigned', bits: 64 },
  DOUBLE: { family: 'double', bits: 64 },
  IPADDR: { family: 'address', bits: 0 },
  IPNET: { family: 'net', bits: 0 },
  SOCKADDR: { family: 'opaque', bits: 0 },
  SOCKTUPLE: { family: 'opaque', bits: 0 },
  FDLIST: { family: 'opaque', bits: 0 },
  SIGSET: { family: 'opaque', bits: 0 },
  DYNAMIC: { family: 'opaque', bits: 0 },
};
