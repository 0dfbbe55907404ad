import { engineState, stateOf } from '../../../../labs/engine/facts.ts';
import { scriptedRunner } from '../../../support/scripted-runner.ts';

const INFO = {
  ServerVersion: '26.1.5',
  CgroupVersion: '1',
  OperatingSystem: 'Debian GNU/Linux 13 (trixie)',
  Architecture: 'x86_64',
  DockerRootDir: '/var/lib/docker',
  NCPU: 2,
  MemTotal: 25_000_000_000,
  SecurityOptions: ['name=seccomp,profile=builtin'],
};

describe('the state of the engine', () => {
  test('is ready with its facts when the server answers', () => {
    expect(stateOf(JSON.stringify(INFO))).toEqual({
      kind: 'ready',
      facts: {
        serverVersion: '26.1.5',
        cgroupVersion: 1,
        operatingSystem: 'Debian GNU/Linux 13 (trixie)',
        architecture: 'x86_64',
        rootFolder: '/var/lib/docker',
        cpus: 2,
        memoryBytes: 25_000_000_000,
        place: 'host',
      },
    });
  });

  test.each([
    ['Docker Desktop', 'vm'],
    ['Ubuntu 24.04 LTS', 'host'],
  ])('on %s the engine lives in: %s', (operatingSystem, place) => {
    expect(stateOf(JSON.stringify({ ...INFO, OperatingSystem: operatingSystem }))).toMatchObject({ facts: { place } });
  });

  test.each([
    ['a rootless engine', { ...INFO, SecurityOptions: ['name=seccomp', 'name=rootless'] }, 'rootless'],
    ['podman in docker clothes', { host: { buildahVersion: '1.33.7' }, version: {} }, 'podman'],
  ])('%s is refused with the reason', (_name, info, reason) => {
    expect(stateOf(JSON.stringify(info))).toMatchObject({ kind: 'refused', why: expect.stringContaining(reason) });
  });

  test('one that this user may not use is refused with the group to join', () => {
    const words =
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock';
    expect(stateOf(JSON.stringify({ ServerErrors: [words] }))).toEqual({
      kind: 'refused',
      why: words,
      hint: expect.stringContaining('usermod -aG docker'),
    });
  });

  test.each([
    [
      'a client whose server does not answer',
      JSON.stringify({ ServerErrors: ['Cannot connect to the Docker daemon'] }),
    ],
    ['a client that prints only text', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock'],
  ])('%s is a stopped engine, in its own words', (_name, text) => {
    expect(stateOf(text)).toMatchObject({ kind: 'stopped', why: expect.stringContaining('Cannot connect') });
  });

  test('is missing when there is no client', async () => {
    const runner = scriptedRunner({ command: /^docker info/, missing: true });
    expect(await engineState(runner)).toMatchObject({ kind: 'missing' });
  });

  test('is stopped when the client fails', async () => {
    const runner = scriptedRunner({ command: /^docker info/, exitCode: 125, stderr: 'no permission' });
    expect(await engineState(runner)).toMatchObject({ kind: 'stopped', why: expect.stringContaining('no permission') });
  });
});
