import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { down, listLabs, openSession, up } from '../../../labs/index.ts';
import { done, notYet, waitFor } from '../../../core/index.ts';
import { fakeEngine, type FakeEngine } from '../../support/fake-engine.ts';

/** `up` has to bundle the toolbox's programs to know which image it wants. */
const TIMEOUT_MS = 120_000;

let engine: FakeEngine;
let abort: AbortController;

beforeEach(() => {
  abort = new AbortController();
  engine = fakeEngine(abort.signal);
});
afterEach(() => engine.stop());

async function failureOf(
  work: Promise<unknown>,
): Promise<{ readonly what: string; readonly why: string; readonly hint: string; readonly exitCode: number }> {
  try {
    await work;
  } catch (error) {
    return error as Awaited<ReturnType<typeof failureOf>>;
  }
  throw new Error('it succeeded');
}

async function untilCalled(start: string): Promise<void> {
  await waitFor(
    async () =>
      engine.calls().some((call) => call.startsWith(start)) ? done(undefined) : notYet(engine.calls().join('\n')),
    { what: start, timeoutMs: 60_000, intervalMs: 50 },
  );
}

const stateOf = (lab: string): string => join(engine.deps.paths.state, lab);

describe('up, when something fails', () => {
  test(
    "says kind's own words, and leaves nothing behind",
    async () => {
      engine.kind('fail');
      const failure = await failureOf(up(engine.deps, { name: 'lab' }));
      expect(failure).toMatchObject({ what: 'kind could not create the cluster lab', exitCode: 1 });
      expect(failure.why).toContain('failed to init node with kubeadm');
      expect(failure.why).toContain('port 6443 is in use');
      expect(engine.objects()).toEqual([]);
      expect(existsSync(stateOf('lab'))).toBe(false);
      expect(existsSync(join(engine.home, 'guard'))).toBe(false);
    },
    TIMEOUT_MS,
  );

  test(
    'can be tried again at once',
    async () => {
      engine.kind('fail');
      await failureOf(up(engine.deps, { name: 'lab' }));
      const second = await failureOf(up(engine.deps, { name: 'lab' }));
      expect(second.what).toBe('kind could not create the cluster lab');
    },
    TIMEOUT_MS,
  );

  test(
    'names the command that removes what it could not remove itself',
    async () => {
      engine.kind('fail');
      engine.fault({ 'rm --force': { stderr: 'Error response from daemon: device or resource busy' } });
      const failure = await failureOf(up(engine.deps, { name: 'lab' }));
      expect(failure.hint).toContain('kubedrill down --name lab');
      expect(failure.why).toContain('container lab-control-plane');
      engine.fault({});
      await down({ ...engine.deps }, 'lab');
      expect(engine.objects()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each([
    [
      'the engine does not answer',
      'info',
      'Cannot connect to the Docker daemon',
      'the container engine does not answer',
      4,
    ],
    [
      'no network can be made',
      'network create',
      'all predefined address pools have been fully subnetted',
      'the network kubedrill-lab could not be made',
      1,
    ],
    ['the keeper does not start', 'run --detach', 'no space left on device', 'docker failed', 1],
    ['the guard cannot be set', 'run --rm', 'iptables: not permitted', 'docker failed', 1],
  ])(
    'says so when %s, and leaves nothing behind',
    async (_case, command, words, what, exitCode) => {
      engine.kind('hang');
      engine.fault({ [command]: { exitCode: 125, stderr: words } });
      const failure = await failureOf(up(engine.deps, { name: 'lab' }));
      expect(failure).toMatchObject({ what, exitCode });
      expect(failure.why).toContain(words);
      expect(engine.objects()).toEqual([]);
      expect(existsSync(stateOf('lab'))).toBe(false);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['before anything is made', 'info'],
    ['while the network is made', 'network create'],
    ['while kind works', 'kind create'],
    ['while the keeper starts', 'run --detach'],
    ['while the API server is waited for', 'exec lab-control-plane cat'],
  ])(
    'cancelled %s, it leaves nothing behind: exit code 130',
    async (_when, call) => {
      engine.kind('hang');
      if (call === 'network create' || call === 'run --detach') engine.fault({ [call]: { hang: true } });
      const failing = failureOf(up(engine.deps, { name: 'lab' }));
      await Promise.race([untilCalled(call), failing.then((early) => Promise.reject(new Error(early.why)))]);
      abort.abort();
      const failure = await failing;
      expect(failure).toMatchObject({ what: 'up of the lab "lab" was cancelled', exitCode: 130 });
      expect(failure.why).toBe('nothing of it is left');
      expect(engine.objects()).toEqual([]);
      expect(existsSync(stateOf('lab'))).toBe(false);
    },
    TIMEOUT_MS,
  );
});

describe('up, when the name is taken', () => {
  const foreignNode = {
    Name: 'lab-control-plane',
    State: { Running: true, Paused: false },
    Config: {
      Image: 'kindest/node',
      Labels: { 'io.x-k8s.kind.cluster': 'lab', 'io.x-k8s.kind.role': 'control-plane' },
    },
    HostConfig: { NetworkMode: 'kind' },
    NetworkSettings: { Ports: {}, Networks: {} },
  };

  test("refuses a kind cluster that is not kubedrill's, and does not touch it", async () => {
    engine.plant('containers', foreignNode);
    const failure = await failureOf(up(engine.deps, { name: 'lab' }));
    expect(failure).toMatchObject({ what: 'the name lab is taken', exitCode: 2 });
    expect(failure.why).toContain('lab-control-plane');
    expect(await down(engine.deps, 'lab')).toEqual([]);
    expect(engine.objects()).toEqual(['containers/lab-control-plane']);
  });

  test("refuses a network of somebody else's", async () => {
    engine.plant('networks', { Name: 'kubedrill-lab', Labels: {} });
    const failure = await failureOf(up(engine.deps, { name: 'lab' }));
    expect(failure).toMatchObject({ what: 'the name lab is taken', exitCode: 2 });
    expect(engine.objects()).toEqual(['networks/kubedrill-lab']);
  });

  test(
    'tells a second one that a first one is at it',
    async () => {
      engine.kind('hang');
      const first = failureOf(up(engine.deps, { name: 'lab' }));
      await untilCalled('kind create');
      const second = await failureOf(up(engine.deps, { name: 'lab' }));
      expect(second.what).toBe('the lab "lab" is in use');
      expect(second.why).toContain(`process ${String(process.pid)} (up`);
      abort.abort();
      await first;
    },
    TIMEOUT_MS,
  );
});

describe('what was left of a lab', () => {
  beforeEach(() => {
    engine.plant('networks', { Name: 'kubedrill-old', Labels: { 'kubedrill.dev/lab': 'old' } });
    engine.plant('containers', {
      Name: 'old-worker',
      State: { Running: false, Paused: false },
      Config: { Image: 'node', Labels: { 'io.x-k8s.kind.cluster': 'old', 'io.x-k8s.kind.role': 'worker' } },
      HostConfig: { NetworkMode: 'kubedrill-old' },
      NetworkSettings: { Ports: {}, Networks: {} },
    });
  });

  test('is listed as broken', async () => {
    expect(await listLabs(engine.deps)).toEqual([expect.objectContaining({ name: 'old', state: 'broken' })]);
  });

  test('cannot be opened: exit code 5', async () => {
    expect(await failureOf(openSession(engine.deps, 'old'))).toMatchObject({
      exitCode: 5,
      hint: 'kubedrill up --name old',
    });
  });

  test('is removed by down, which then finds nothing', async () => {
    expect(await down(engine.deps, 'old')).toEqual([
      'container old-worker',
      'egress guard of kubedrill-old',
      'network kubedrill-old',
    ]);
    expect(engine.objects()).toEqual([]);
    expect(await down(engine.deps, 'old')).toEqual([]);
  });

  test(
    'is removed by up before it builds anew',
    async () => {
      engine.kind('fail');
      await failureOf(up(engine.deps, { name: 'old' }));
      expect(engine.said.join('\n')).toContain('removed what was left of the lab "old": container old-worker');
      expect(engine.objects()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a lab that is not there', () => {
  test.each([['lab'], ['second']])('is exit code 5 and the command that makes it: %s', async (name) => {
    const failure = await failureOf(openSession(engine.deps, name));
    expect(failure.exitCode).toBe(5);
    expect(failure.hint).toContain('kubedrill up');
  });
});

describe('an engine that is away', () => {
  test.each([
    ['status', () => openSession(engine.deps, 'lab')],
    ['down', () => down(engine.deps, 'lab')],
    ['the list of labs', () => listLabs(engine.deps)],
  ])('is what %s says, with the command that starts it: exit code 4', async (_name, work) => {
    const away = { exitCode: 1, stderr: 'Cannot connect to the Docker daemon' };
    engine.fault({ info: away, ps: away, network: away });
    expect(await failureOf(work())).toMatchObject({
      what: 'the container engine does not answer',
      hint: 'kubedrill doctor --fix',
      exitCode: 4,
    });
  });
});
