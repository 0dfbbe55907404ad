import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { architectureFrom, type Architecture } from '../../../../../labs/images/architecture.ts';
import { verifyBinary } from '../../../../../labs/images/build/verify-binary.ts';
import { scriptedRunner } from '../../../../support/scripted-runner.ts';

const own = architectureFrom({}, process.arch);
const other: Architecture = own === 'amd64' ? 'arm64' : 'amd64';
const MACHINE = { amd64: 62, arm64: 183 };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kd-elf-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function binary(machine: number | undefined): string {
  const header = Buffer.alloc(64);
  if (machine !== undefined) {
    header.write('\x7fELF', 0, 'latin1');
    header.writeUInt16LE(machine, 18);
  }
  const path = join(folder, 'etcd');
  writeFileSync(path, header);
  return path;
}

const check = { file: 'etcd', versionArgs: ['--version'], says: 'etcd Version: 3.6.6' };

describe('a binary that was built', () => {
  test('is taken when it is of the machine and tells its version', async () => {
    const path = binary(MACHINE[own]);
    const runner = scriptedRunner({ command: `${path} --version`, stdout: 'etcd Version: 3.6.6\nGit SHA: x\n' });
    await verifyBinary(path, check, own, runner);
    runner.verify();
  });

  test('is refused when it tells another version, with what it said', async () => {
    const path = binary(MACHINE[own]);
    const runner = scriptedRunner({ command: `${path} --version`, stdout: 'etcd Version: 3.5.0\n' });
    await expect(verifyBinary(path, check, own, runner)).rejects.toMatchObject({
      why: 'it should say "etcd Version: 3.6.6" and says: etcd Version: 3.5.0',
    });
  });

  test('for another architecture is not run, its header is read', async () => {
    await verifyBinary(binary(MACHINE[other]), check, other, scriptedRunner());
  });

  test.each([
    ['of another architecture than wanted', MACHINE[own]],
    ['no program at all', undefined],
  ])('is refused when it is %s', async (_name, machine) => {
    await expect(verifyBinary(binary(machine), check, other, scriptedRunner())).rejects.toMatchObject({
      what: 'etcd was built, but is not what it should be',
    });
  });
});
