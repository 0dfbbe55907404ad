import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { KubedrillError, type Runner } from '../../../core/index.ts';
import { architectureFrom, ELF_MACHINE, type Architecture } from '../architecture.ts';

export interface BinaryCheck {
  readonly file: string;
  /** Arguments with which it tells its version. */
  readonly versionArgs: readonly string[];
  /** What its answer has to contain. */
  readonly says: string;
}

/**
 * Proves that a binary is the one wanted: it is of the architecture, and where this machine can run it, it tells the
 * expected version. Throws KubedrillError otherwise.
 */
export async function verifyBinary(
  path: string,
  check: BinaryCheck,
  arch: Architecture,
  runner: Runner,
): Promise<void> {
  const machine = await elfMachine(path);
  if (machine !== ELF_MACHINE[arch])
    throw wrong(path, `its ELF header names machine ${String(machine)}, ${arch} is ${String(ELF_MACHINE[arch])}`);
  if (arch !== architectureFrom({}, process.arch)) return;
  const { stdout, stderr } = await runner.run(path, check.versionArgs, { timeoutMs: 30_000 });
  const said = `${stdout}${stderr}`;
  if (!said.includes(check.says)) throw wrong(path, `it should say "${check.says}" and says: ${said.trim()}`);
}

/** e_machine of an ELF file (little endian, offset 18), or undefined for what is no ELF file. */
export async function elfMachine(path: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const header = Buffer.alloc(20);
    const { bytesRead } = await file.read(header, 0, 20, 0);
    const isElf = bytesRead === 20 && header.subarray(0, 4).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
    return isElf ? header.readUInt16LE(18) : undefined;
  } finally {
    await file.close();
  }
}

function wrong(path: string, why: string): KubedrillError {
  return new KubedrillError({
    what: `${basename(path)} was built, but is not what it should be`,
    why,
    hint: `look at it: file ${path}`,
  });
}
