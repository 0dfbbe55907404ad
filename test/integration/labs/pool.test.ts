import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done, notYet, waitFor } from '../../../core/index.ts';
import { down, endPool, fillPool, listLabs, poolStatus, startRefill, up } from '../../../labs/index.ts';
import { fakeEngine, type FakeEngine } from '../../support/fake-engine.ts';
import { plantPrepared } from '../../support/pooled-lab.ts';

/** `up` has to bundle the toolbox's programs to know which image it wants. */
const TIMEOUT_MS = 120_000;
const SETTINGS = {
  ...{ apiVersion: 'kubedrill/v1', size: 1, topology: 'std', addons: 'std', cni: 'default', audit: 'log' },
  ...{ kubernetesVersion: '1.35.4', egress: 'guarded' },
};

let engine: FakeEngine;
let abort: AbortController;

beforeEach(() => {
  abort = new AbortController();
  engine = fakeEngine(abort.signal);
});
afterEach(() => engine.stop());

const stateOf = (...parts: readonly string[]): string => join(engine.deps.paths.state, ...parts);
const paused = (): readonly string[] => engine.objects().filter((name) => stateIn(name).Paused);

function stateIn(object: string): { readonly Paused?: boolean } {
  const parsed = JSON.parse(readFileSync(join(engine.home, object), 'utf8')) as { State?: { Paused: boolean } };
  return parsed.State ?? {};
}

function writePool(size: number): void {
  mkdirSync(stateOf('.pool'), { recursive: true });
  writeFileSync(stateOf('.pool', 'pool.json'), JSON.stringify({ ...SETTINGS, size }));
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const look = async () => (condition() ? done(undefined) : notYet(engine.said.join('; ')));
  await waitFor(look, { what, timeoutMs: 60_000, intervalMs: 50 });
}

async function failureOf(work: Promise<unknown>): Promise<{ readonly what: string; readonly exitCode: number }> {
  return work.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error as Awaited<ReturnType<typeof failureOf>>,
  );
}

describe('a prepared lab', () => {
  test(
    'is none of the labs, and its name none that a command takes',
    async () => {
      await plantPrepared(engine, 'pool-1');
      expect(await listLabs(engine.deps)).toEqual([]);
      const commands = [() => down(engine.deps, 'pool-1'), () => up(engine.deps, { name: 'pool-1' })];
      for (const command of commands) {
        expect(await failureOf(command())).toMatchObject({ exitCode: 2, hint: expect.stringContaining('down --pool') });
      }
      expect(paused()).toHaveLength(4);
    },
    TIMEOUT_MS,
  );

  test(
    'is woken by up, belongs to the lab then, and goes away with it',
    async () => {
      await plantPrepared(engine, 'pool-1');
      const failing = failureOf(up(engine.deps, { name: 'mine', pool: 'use' }));
      await until('the kubelets to be restarted and the record', () => existsSync(stateOf('mine', 'lab.json')));
      expect(paused()).toEqual([]);
      expect(await listLabs(engine.deps)).toMatchObject([{ name: 'mine', record: { cluster: 'pool-1' } }]);
      expect((await poolStatus(engine.deps)).labs).toEqual([{ cluster: 'pool-1', state: 'taken', takenAs: 'mine' }]);
      await until('its other files', () => existsSync(stateOf('mine', 'fresh.json')));
      expect(existsSync(stateOf('.pool', 'pool-1', 'control-plane', 'policy.yaml'))).toBe(true);
      abort.abort();
      expect(await failing).toMatchObject({ what: 'up of the lab "mine" was cancelled', why: 'nothing of it is left' });
      expect(engine.objects()).toEqual([]);
      expect([stateOf('mine'), stateOf('.pool', 'pool-1')].filter((folder) => existsSync(folder))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is taken by one of two that come at once; the other builds its own',
    async () => {
      await plantPrepared(engine, 'pool-1');
      engine.kind('hang');
      const both = ['one', 'two'].map((name) => failureOf(up(engine.deps, { name, pool: 'use' })));
      const takers = (): readonly string[] => ['one', 'two'].filter((name) => existsSync(stateOf(name, 'lab.json')));
      const builds = (): readonly string[] => engine.calls().filter((call) => call.startsWith('kind create'));
      await until('one to take it and one to build', () => takers().length > 0 && builds().length > 0);
      expect([takers().length, builds().length]).toEqual([1, 1]);
      expect(builds()[0]).not.toContain(`--name ${takers()[0] ?? ''} `);
      abort.abort();
      await Promise.all(both);
      expect(engine.objects()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'that another version made is not taken but removed',
    async () => {
      await plantPrepared(engine, 'pool-1', { madeFrom: 'older' });
      expect((await poolStatus(engine.deps)).labs).toMatchObject([{ cluster: 'pool-1', state: 'older' }]);
      engine.kind('fail');
      await failureOf(up(engine.deps, { name: 'mine', pool: 'use' }));
      expect(engine.said.join('\n')).toContain('removed "pool-1" from the pool: another version of kubedrill made it');
      expect(engine.objects()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['of another kind', { topology: 'single' as const, pool: 'use' as const }],
    ['without a word of the pool', {}],
  ])(
    'is left alone by an up %s',
    async (_case, options) => {
      await plantPrepared(engine, 'pool-1');
      engine.kind('fail');
      await failureOf(up(engine.deps, { name: 'mine', ...options }));
      expect(paused()).toHaveLength(4);
    },
    TIMEOUT_MS,
  );
});

describe('filling the pool', () => {
  test(
    'removes what is too much, what is older, and what was not made to the end',
    async () => {
      writePool(1);
      await plantPrepared(engine, 'pool-2', { madeFrom: 'older' });
      await plantPrepared(engine, 'pool-3');
      await plantPrepared(engine, 'pool-4');
      mkdirSync(stateOf('.pool', 'pool-5'), { recursive: true });
      expect(await fillPool(engine.deps)).toEqual({ kind: 'filled', prepared: 1 });
      expect(paused().filter((name) => name.startsWith('containers/pool-3-'))).toHaveLength(4);
      expect(engine.objects()).toHaveLength(5);
      expect((await poolStatus(engine.deps)).labs.map(({ cluster }) => cluster)).toEqual(['pool-3']);
    },
    TIMEOUT_MS,
  );

  test(
    'that fails is told by the pool, and leaves nothing of the lab that could not be made',
    async () => {
      writePool(1);
      engine.kind('fail');
      expect(await failureOf(fillPool(engine.deps))).toMatchObject({
        what: 'kind could not create the cluster pool-1',
      });
      expect((await poolStatus(engine.deps)).filling).toMatchObject({
        kind: 'failed',
        what: 'kind could not create the cluster pool-1',
      });
      expect(engine.objects()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'that is cancelled leaves nothing of the lab that it was making',
    async () => {
      writePool(1);
      engine.kind('hang');
      const failing = fillPool(engine.deps).catch((error: unknown) => error);
      await until('kind', () => engine.calls().some((call) => call.startsWith('kind create')));
      expect(await fillPool(engine.deps)).toMatchObject({ kind: 'busy', owner: { pid: process.pid } });
      abort.abort();
      await failing;
      expect(engine.objects()).toEqual([]);
      expect(existsSync(stateOf('.pool', 'pool-1'))).toBe(false);
    },
    TIMEOUT_MS,
  );
});

describe('the end of the pool', () => {
  let filler: ChildProcess | undefined;
  afterEach(() => filler?.kill('SIGKILL'));

  /** A process that fills the pool, as its note says. */
  function startFiller(): number {
    filler = spawn('sleep', ['300']);
    const pid = filler.pid ?? 0;
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const note = { apiVersion: 'kubedrill/v1', pid, startTicks, since: '2026-01-01T00:00:00.000Z' };
    writeFileSync(stateOf('.pool', 'filling.json'), JSON.stringify(note));
    return pid;
  }

  test(
    'ends who fills it, removes all that are prepared, and leaves those that were taken',
    async () => {
      writePool(2);
      await plantPrepared(engine, 'pool-1');
      await plantPrepared(engine, 'pool-2');
      mkdirSync(stateOf('mine'), { recursive: true });
      const record = JSON.parse(readFileSync(stateOf('.pool', 'pool-1', 'lab.json'), 'utf8')) as object;
      writeFileSync(stateOf('mine', 'lab.json'), JSON.stringify({ ...record, name: 'mine' }));
      const pid = startFiller();
      const exited = filler === undefined ? undefined : once(filler, 'exit');
      expect((await poolStatus(engine.deps)).filling).toMatchObject({ kind: 'running', pid });
      const removed = await endPool(engine.deps);
      expect(removed).toContain(`process ${String(pid)}, which was filling the pool`);
      expect(removed).toContain('container pool-2-worker');
      expect((await exited)?.[1]).toBe('SIGTERM');
      expect(engine.objects().every((name) => name.includes('pool-1'))).toBe(true);
      expect(await down(engine.deps, 'mine')).toContain('network kubedrill-pool-1');
      expect(engine.objects()).toEqual([]);
      expect(await endPool(engine.deps)).toEqual([]);
      expect(existsSync(stateOf('.pool'))).toBe(false);
    },
    TIMEOUT_MS,
  );

  test(
    'spares a process that has got the number of one that has ended',
    async () => {
      writePool(1);
      const pid = startFiller();
      const note = JSON.parse(readFileSync(stateOf('.pool', 'filling.json'), 'utf8')) as object;
      writeFileSync(stateOf('.pool', 'filling.json'), JSON.stringify({ ...note, startTicks: '1' }));
      expect((await poolStatus(engine.deps)).filling).toMatchObject({ kind: 'failed', what: 'it ended in the middle' });
      expect(await endPool(engine.deps)).toEqual([]);
      expect(() => process.kill(pid, 0)).not.toThrow();
    },
    TIMEOUT_MS,
  );
});

describe('the refill that up leaves behind', () => {
  const started: (readonly string[])[] = [];
  const withEnv = (env: Readonly<Record<string, string>>) => ({
    ...engine.deps,
    env,
    runner: {
      ...engine.deps.runner,
      startDetached: async (_file: string, args: readonly string[]) => {
        started.push(args);
        return 4711;
      },
    },
  });
  beforeEach(() => started.splice(0));

  test('is a process of its own that runs the hidden command', async () => {
    writePool(1);
    expect(await startRefill(withEnv({}))).toMatchObject({ kind: 'started', pid: 4711 });
    expect(started).toEqual([[expect.stringMatching(/kubedrill\.mjs$/), 'pool-refill']]);
  });

  test(
    'is not started without a pool, for a full one, or where CI=true says that nobody is there',
    async () => {
      expect(await startRefill(withEnv({}))).toEqual({ kind: 'not-needed', why: 'no pool' });
      writePool(1);
      expect(await startRefill(withEnv({ CI: 'true' }))).toEqual({ kind: 'not-needed', why: 'CI' });
      await plantPrepared(engine, 'pool-1');
      expect(await startRefill(withEnv({}))).toEqual({ kind: 'not-needed', why: 'full' });
      expect(started).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test('is started in CI where it is asked for', async () => {
    writePool(1);
    expect(await startRefill(withEnv({ CI: 'true', KUBEDRILL_POOL: 'refill' }))).toMatchObject({ kind: 'started' });
  });
});
