import { privilegedFailure, probeArchive } from '../../../../labs/engine/privileged-probe.ts';
import { scriptedRunner } from '../../../support/scripted-runner.ts';

const TRY = [{ command: /^docker import/ }, { command: /^docker rmi/ }];

describe('the privileged probe', () => {
  test.each([
    ['x86_64', 0x3e],
    ['aarch64', 0xb7],
  ] as const)('brings one executable file for %s', (architecture, machine) => {
    const archive = Buffer.from(probeArchive(architecture));
    expect(archive.length % 512).toBe(0);
    expect(archive.toString('latin1', 0, 4)).toBe('exit');
    expect(archive.toString('latin1', 513, 516)).toBe('ELF');
    expect(archive.readUInt16LE(512 + 18)).toBe(machine);
  });

  test('says nothing when the container runs', async () => {
    const runner = scriptedRunner(...TRY, { command: /^docker run --rm --privileged/ });
    expect(await privilegedFailure(runner, 'x86_64')).toBeUndefined();
    runner.verify();
  });

  test("gives the engine's own words when it does not, and removes its image all the same", async () => {
    const words = 'unable to apply caps: operation not permitted';
    const runner = scriptedRunner(...TRY, { command: /^docker run/, exitCode: 126, stderr: words });
    expect(await privilegedFailure(runner, 'x86_64')).toContain(words);
    runner.verify();
  });
});
