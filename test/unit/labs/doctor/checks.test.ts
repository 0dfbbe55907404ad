import { silentReporter } from '../../../../core/index.ts';
import { fixAll } from '../../../../labs/doctor/doctor.ts';
import type { Finding } from '../../../../labs/doctor/finding.ts';
import type { Machine } from '../../../../labs/doctor/machine.ts';
import { DOCTOR_CHECKS } from '../../../../labs/doctor/registry.ts';
import { topologyOf } from '../../../../labs/provider/topology.ts';
import type { LabDeps } from '../../../../labs/session.ts';
import { fakeClock } from '../../../support/clock.ts';
import { scriptedRunner, type Expected } from '../../../support/scripted-runner.ts';

const GIB = 1024 ** 3;

/** A machine on which nothing is missing. */
const FINE: Machine = {
  platform: 'linux',
  nodeVersion: '20.20.2',
  apt: {
    os: { id: 'debian', like: [], codename: 'trixie', prettyName: 'Debian GNU/Linux 13 (trixie)' },
    isRoot: true,
    hasApt: true,
    aptFiles: [],
  },
  hasSystemd: false,
  hasEngineServer: true,
  engine: {
    kind: 'ready',
    facts: {
      serverVersion: '26.1.5',
      cgroupVersion: 2,
      operatingSystem: 'Debian',
      architecture: 'x86_64',
      rootFolder: '/var/lib/docker',
      cpus: 4,
      memoryBytes: 16 * GIB,
      place: 'host',
    },
  },
  privilegedFailure: undefined,
  tools: { kind: '0.33.0', kubectl: '1.35.4', go: '1.26.8', debootstrap: '1.0.141' },
  images: { kind: 'present', observed: 'kubedrill/node-lab:v1.35.4-x' },
  capabilities: 0x1ffffffffffn,
  inotifyInstances: 1024,
  memory: { totalBytes: 16 * GIB, availableBytes: 12 * GIB },
  disks: [
    { what: 'cache', path: '/root/.cache', freeBytes: 50 * GIB },
    { what: 'engine', path: '/var/lib/docker', freeBytes: 50 * GIB },
  ],
  hasBtf: true,
  loopbackFailure: undefined,
  guards: [],
  pool: undefined,
};

function depsWith(...expected: readonly Expected[]): LabDeps & { readonly runner: ReturnType<typeof scriptedRunner> } {
  return {
    runner: scriptedRunner(...expected),
    clock: fakeClock(),
    paths: { state: '/nonexistent/state', cache: '/nonexistent/cache' },
    reporter: silentReporter,
    env: {},
  };
}

function findings(machine: Partial<Machine>, deps: LabDeps = depsWith(), topology = 'std'): readonly Finding[] {
  const need = { topology: topologyOf(topology), kubernetesVersion: undefined };
  return DOCTOR_CHECKS.flatMap(({ look }) => look({ ...FINE, ...machine }, need, deps));
}

function broken(machine: Partial<Machine>): readonly Finding[] {
  return findings(machine).filter(({ ok }) => !ok);
}

const NO_IMAGES = { images: { kind: 'absent', observed: 'missing' } } as const;
const NO_ROOT = { apt: { ...FINE.apt, isRoot: false } };

describe('doctor', () => {
  test('finds nothing on a machine where nothing is missing', () => {
    expect(broken({})).toEqual([]);
  });

  test.each<[string, Partial<Machine>, readonly string[]]>([
    ['an old Node.js', { nodeVersion: '18.20.0' }, ['node-version']],
    ['no engine', { engine: { kind: 'missing', why: 'no docker' }, disks: [] }, ['engine']],
    ['an engine that does not run', { engine: { kind: 'stopped', why: 'no answer' } }, ['engine']],
    ['a rootless engine', { engine: { kind: 'refused', why: 'rootless', hint: 'use a rootful one' } }, ['engine']],
    ['an engine without privileged containers', { privilegedFailure: 'unable to apply caps' }, ['privileged']],
    ['few inotify instances', { inotifyInstances: 128 }, ['inotify']],
    ['little memory', { memory: { totalBytes: 2 * GIB, availableBytes: GIB } }, ['memory']],
    ['little room for images', { disks: [{ what: 'engine', path: '/x', freeBytes: GIB }] }, ['disk-engine']],
    [
      'too little room to build',
      { ...NO_IMAGES, disks: [{ what: 'cache', path: '/x', freeBytes: 6 * GIB }] },
      ['disk-cache', 'images'],
    ],
    ['a kernel without BTF', { hasBtf: false }, ['btf']],
    ['no loopback ports', { loopbackFailure: 'EACCES' }, ['ports']],
    ['no kind', { tools: { ...FINE.tools, kind: undefined } }, ['kind']],
    ['no images', NO_IMAGES, ['images']],
    [
      'nothing to build images with',
      { ...NO_IMAGES, tools: { ...FINE.tools, go: undefined, debootstrap: undefined } },
      ['go', 'debootstrap', 'images'],
    ],
    ['a Go that cannot fetch a newer one', { ...NO_IMAGES, tools: { ...FINE.tools, go: '1.19.8' } }, ['go', 'images']],
    [
      'a lab whose egress guard is gone',
      {
        guards: [
          {
            lab: 'lab',
            request: { networkName: 'kubedrill-lab', bridge: 'kd-1', toolboxImage: 't' },
            ok: false,
            observed: 'ipv4: not in place',
          },
        ],
      },
      ['egress-guard-lab'],
    ],
    [
      'a pool that could not be filled',
      { pool: { size: 2, prepared: 1, filling: { kind: 'failed', until: 'now', what: 'no memory', why: 'full' } } },
      ['pool'],
    ],
  ])('finds %s', (_what, machine, ids) => {
    expect(broken(machine).map(({ id }) => id)).toEqual(ids);
  });

  test('asks for more memory for three control planes', () => {
    const machine = { memory: { totalBytes: 4 * GIB, availableBytes: 3 * GIB } };
    expect(broken(machine)).toEqual([]);
    const memory = findings(machine, depsWith(), 'ha').find(({ id }) => id === 'memory');
    expect(memory).toMatchObject({ ok: false, says: '3.9 GiB of memory are free for 5 nodes' });
  });

  test.each<[string, Partial<Machine>, string]>([
    ['Go is not needed when nothing is to be built', { tools: { ...FINE.tools, go: undefined } }, 'go'],
    ['kubectl can come with the node image', { tools: { ...FINE.tools, kubectl: undefined } }, 'kubectl'],
    [
      'cgroup v1 is lived with',
      {
        engine: {
          ...FINE.engine,
          facts: { ...(FINE.engine as { facts: object }).facts, cgroupVersion: 1 },
        } as Machine['engine'],
      },
      'cgroup',
    ],
    [
      'a pool that is being filled',
      { pool: { size: 2, prepared: 1, filling: { kind: 'running', pid: 7, since: 'now' } } },
      'pool',
    ],
    ['a missing capability is lived with', { capabilities: 0x1fffeffffffn }, 'capabilities'],
  ])('takes it easy: %s', (_what, machine, id) => {
    expect(broken(machine)).toEqual([]);
    expect(findings(machine).find((finding) => finding.id === id)?.observed).not.toBe('');
  });

  test('has a way out of everything that is required', () => {
    const everything: Partial<Machine> = {
      ...NO_IMAGES,
      engine: { kind: 'missing', why: 'no docker' },
      tools: { kind: undefined, kubectl: undefined, go: undefined, debootstrap: undefined },
      inotifyInstances: 128,
      hasEngineServer: false,
    };
    const required = broken(everything).filter(({ severity }) => severity === 'required');
    expect(required.map(({ id, fix }) => [id, fix?.kind])).toEqual([
      ['engine', 'automatic'],
      ['inotify', 'automatic'],
      ['go', 'automatic'],
      ['debootstrap', 'automatic'],
      ['kind', 'automatic'],
      ['images', 'automatic'],
    ]);
    expect(required.every(({ fix }) => fix?.commands.length !== 0)).toBe(true);
  });

  test('installs an engine before it starts it, and only starts one that is there', () => {
    const commandsOf = (machine: Partial<Machine>): readonly string[] =>
      broken(machine).find(({ id }) => id === 'engine')?.fix?.commands ?? [];
    const stopped = { kind: 'stopped', why: 'no answer' } as const;
    expect(commandsOf({ engine: stopped, hasEngineServer: false }).join('\n')).toMatch(
      /apt-get .*docker\.io[^]*dockerd/,
    );
    expect(commandsOf({ engine: stopped })).toEqual([expect.stringMatching(/setsid dockerd/)]);
    expect(commandsOf({ engine: stopped, hasSystemd: true })).toEqual(['systemctl start docker']);
  });

  test.each<[string, Partial<Machine>]>([
    ['an engine to install', { engine: { kind: 'missing', why: 'no docker' } }],
    ['an engine to start', { engine: { kind: 'stopped', why: 'no answer' } }],
    ['a setting to raise', { inotifyInstances: 128 }],
    ['packages to install', { ...NO_IMAGES, tools: { ...FINE.tools, debootstrap: undefined } }],
  ])('only names the commands without root: %s', (_what, machine) => {
    const [first] = broken({ ...machine, ...NO_ROOT });
    expect(first?.fix).toMatchObject({ kind: 'manual' });
    expect(first?.fix?.commands.every((line) => line.startsWith('sudo '))).toBe(true);
  });
});

describe('the fixes', () => {
  test('run in order, as named stages', async () => {
    const deps = depsWith(
      { command: /^sysctl -w fs\.inotify/ },
      { command: /^apt-get .* update$/ },
      { command: /^apt-get .* install .*debootstrap/ },
    );
    const stages: string[] = [];
    const reporting: LabDeps = {
      ...deps,
      reporter: {
        ...silentReporter,
        stage: (title, work) => {
          stages.push(title);
          return work(() => undefined);
        },
      },
    };
    const machine: Partial<Machine> = { inotifyInstances: 128, tools: { ...FINE.tools, debootstrap: undefined } };
    const found = findings({ ...machine, ...NO_IMAGES }, reporting).filter(({ id }) => id !== 'images');
    await fixAll(reporting, found);
    expect(deps.runner.calls.map((call) => call.split(' ')[0])).toEqual(['sysctl', 'apt-get', 'apt-get']);
    expect(stages).toEqual(['Allow 1024 inotify instances until the next boot', 'Install debootstrap, zstd']);
    deps.runner.verify();
  });

  test('change nothing when one of them is for a person: exit code 4 and every such command', async () => {
    const deps = depsWith();
    const found = findings({ inotifyInstances: 128, engine: { kind: 'stopped', why: 'no answer' }, ...NO_ROOT }, deps);
    await expect(fixAll(deps, found)).rejects.toMatchObject({
      exitCode: 4,
      hint: expect.stringMatching(/sudo sh -c '.*setsid dockerd[^]*sudo sysctl -w/),
    });
    expect(deps.runner.calls).toEqual([]);
  });

  test('leave alone what is only advised and has no fix', async () => {
    const deps = depsWith();
    await fixAll(deps, findings({ hasBtf: false }, deps));
    expect(deps.runner.calls).toEqual([]);
  });
});
