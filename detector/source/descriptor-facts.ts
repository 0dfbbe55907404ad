/** `struct descriptor` of sensor/protocol.h: what a call's descriptor leads to, as the kernel has it. */
export interface DescriptorFacts {
  readonly inode: bigint;
  /** Type and permissions. */
  readonly mode: number;
  readonly device: number;
  /** The rest is of sockets, and zero for others. */
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
  readonly state: number;
  readonly localPort: number;
  readonly remotePort: number;
  /** The descriptor itself. */
  readonly number: number;
  /** 4 bytes for IPv4, else 16; network order. */
  readonly local: Buffer;
  readonly remote: Buffer;
}

const AT = {
  inode: 0,
  mode: 8,
  device: 12,
  family: 24,
  type: 26,
  protocol: 28,
  state: 30,
  localPort: 32,
  remotePort: 34,
  number: 36,
  local: 40,
  remote: 56,
};
const BYTES = 72;
const AF_INET = 2;

/** Undefined when the bytes are none. */
export function decodeDescriptor(bytes: Buffer): DescriptorFacts | undefined {
  if (bytes.length !== BYTES) return undefined;
  const family = bytes.readUInt16LE(AT.family);
  const addressBytes = family === AF_INET ? 4 : 16;
  return {
    inode: bytes.readBigUInt64LE(AT.inode),
    mode: bytes.readUInt32LE(AT.mode),
    device: bytes.readUInt32LE(AT.device),
    family,
    type: bytes.readUInt16LE(AT.type),
    protocol: bytes.readUInt16LE(AT.protocol),
    state: bytes.readUInt16LE(AT.state),
    localPort: bytes.readUInt16LE(AT.localPort),
    remotePort: bytes.readUInt16LE(AT.remotePort),
    number: bytes.readUInt32LE(AT.number),
    local: bytes.subarray(AT.local, AT.local + addressBytes),
    remote: bytes.subarray(AT.remote, AT.remote + addressBytes),
  };
}

/** The bytes as the sensor would send them; absent parts are zero. */
export function encodeDescriptor(facts: Partial<DescriptorFacts>): Buffer {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeBigUInt64LE(facts.inode ?? 0n, AT.inode);
  bytes.writeUInt32LE(facts.mode ?? 0, AT.mode);
  bytes.writeUInt32LE(facts.device ?? 0, AT.device);
  for (const name of ['family', 'type', 'protocol', 'state', 'localPort', 'remotePort'] as const) {
    bytes.writeUInt16LE(facts[name] ?? 0, AT[name]);
  }
  bytes.writeUInt32LE(facts.number ?? 0, AT.number);
  facts.local?.copy(bytes, AT.local);
  facts.remote?.copy(bytes, AT.remote);
  return bytes;
}
