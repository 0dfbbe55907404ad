import { RunError, messageOf, type Runner } from '../../core/index.ts';
import { ENGINE } from './facts.ts';

const IMAGE = 'kubedrill.dev/privileged-probe:1';

/** Machine code of `exit(0)`: Linux system call 60 on x86-64, 93 on arm64. */
const EXIT_CODE = {
  x86_64: { machine: 0x3e, code: [0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05] },
  aarch64: { machine: 0xb7, code: [0xa8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 0x01, 0, 0, 0xd4] },
} as const;

/**
 * Starts one privileged container that exits at once, and says why when the engine cannot (an old runc fails where root lacks a capability).
 * Needs no image from anywhere: its own is a 140-byte program. Undefined means that it works.
 */
export async function privilegedFailure(
  runner: Runner,
  architecture: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const options = { timeoutMs: 60_000, ...(signal === undefined ? {} : { signal }) };
  if (architecture !== 'x86_64' && architecture !== 'aarch64') return `no probe for ${architecture}`;
  try {
    await runner.run(ENGINE, ['import', '-', IMAGE], { ...options, input: probeArchive(architecture) });
    await runner.run(ENGINE, ['run', '--rm', '--privileged', '--network=none', IMAGE, '/exit'], options);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof RunError ? error.why : messageOf(error);
  } finally {
    await runner.run(ENGINE, ['rmi', '--force', IMAGE], { timeoutMs: 60_000 }).catch(() => undefined);
  }
}

/** A tar archive with the one file /exit, a static ELF program. */
export function probeArchive(architecture: keyof typeof EXIT_CODE): Uint8Array {
  const program = elf(EXIT_CODE[architecture]);
  const padding = (512 - (program.length % 512)) % 512;
  return Buffer.concat([tarHeader('exit', program.length), program, Buffer.alloc(padding), Buffer.alloc(1024)]);
}

/** An ELF64 file with one loadable segment: header (64 bytes), program header (56), code. See elf(5). */
function elf({ machine, code }: { readonly machine: number; readonly code: readonly number[] }): Buffer {
  const headerBytes = 64 + 56;
  const base = 0x400000n;
  const size = BigInt(headerBytes + code.length);
  const file = Buffer.alloc(Number(size));
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(file);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(base + BigInt(headerBytes), 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(base, 80);
  file.writeBigUInt64LE(base, 88);
  file.writeBigUInt64LE(size, 96);
  file.writeBigUInt64LE(size, 104);
  file.writeBigUInt64LE(0x1000n, 112);
  Buffer.from(code).copy(file, headerBytes);
  return file;
}

/** A ustar header: sizes and modes are octal text, the checksum counts its own field as spaces. */
function tarHeader(name: string, sizeBytes: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, width: number): string => value.toString(8).padStart(width - 1, '0');
  header.write(name, 0);
  header.write(octal(0o755, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(sizeBytes, 12), 124);
  header.write(octal(0, 12), 136);
  header.fill(' ', 148, 156);
  header.write('0', 156);
  header.write('ustar', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 7)}\0 `, 148);
  return header;
}
