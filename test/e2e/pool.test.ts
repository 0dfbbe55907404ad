import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaRunner } from '../../core/index.ts';
import { matrixSchema } from '../../cli/schemas/network.ts';
import type { LabStatus, PoolStatus } from '../../labs/index.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrill } from '../support/kubedrill.ts';

const gap =
  process.env['KUBEDRILL_E2E_POOL'] === '1'
    ? await engineGap()
    : ' [optional] [skipped: it makes two labs one after the other; KUBEDRILL_E2E_POOL=1 runs it]';
const realTest = gap === undefined ? test : test.skip;
const MINUTE_MS = 60_000;
const KIND_OF_LAB = ['--topology', 'single'];
const LAB = ['--name', 'e2e-pooled'];

/** A pool of its own, for these tests end it. */
const stateHome = mkdtempSync(join(tmpdir(), 'kd-pool-'));
/** CI: no refill is left behind. */
const ENV = { XDG_STATE_HOME: stateHome, CI: 'true' };
afterAll(() => rmSync(stateHome, { recursive: true, force: true }));

async function json<T>(argv: readonly string[]): Promise<T> {
  const { stdout, stderr, exitCode } = await kubedrill([...argv, '--json'], { env: ENV });
  if (exitCode !== 0) throw new Error(`kubedrill ${argv.join(' ')} exited with ${String(exitCode)}:\n${stderr}`);
  return JSON.parse(stdout) as T;
}

/** State of the machines of the cluster, by container name. */
async function machines(cluster: string): Promise<Readonly<Record<string, string>>> {
  const args = ['ps', '--all', '--filter', `name=^${cluster}-`, '--format', '{{.Names}} {{.State}}'];
  const { stdout } = await execaRunner().run('docker', args);
  return Object.fromEntries(
    stdout.split('\n').flatMap((line): [string, string][] => {
      const [name, state] = line.split(' ');
      return name === undefined || state === undefined ? [] : [[name, state]];
    }),
  );
}

describe(`the pool${gap ?? ''}`, () => {
  let cluster = '';
  if (gap === undefined)
    afterAll(async () => {
      await json(['down', ...LAB]);
      await json(['down', '--pool']);
    }, 2 * MINUTE_MS);

  realTest(
    'prepares a lab and pauses it',
    async () => {
      const { labs, filling } = await json<PoolStatus>(['pool', '1', ...KIND_OF_LAB]);
      expect(labs).toMatchObject([{ state: 'prepared' }]);
      expect(filling.kind).toBe('done');
      cluster = labs[0]?.cluster ?? '';
      expect(Object.values(await machines(cluster))).toEqual(['paused', 'paused']);
    },
    10 * MINUTE_MS,
  );

  realTest(
    'starts one whose machines were stopped, as a restart of the machine does, and pauses it again',
    async () => {
      const names = Object.keys(await machines(cluster));
      await execaRunner().run('docker', ['unpause', ...names]);
      await execaRunner().run('docker', ['stop', '--time', '20', ...names]);
      expect((await json<PoolStatus>(['pool'])).labs).toMatchObject([{ cluster, state: 'asleep' }]);
      expect((await json<PoolStatus>(['pool', '1', ...KIND_OF_LAB])).labs).toMatchObject([
        { cluster, state: 'prepared' },
      ]);
    },
    10 * MINUTE_MS,
  );

  realTest(
    'gives it to up under the name that was asked for; every path of it works',
    async () => {
      const status = await json<LabStatus>(['up', ...KIND_OF_LAB, ...LAB]);
      expect(status).toMatchObject({ ready: true, lab: { name: 'e2e-pooled', cluster } });
      expect(Object.values(await machines(cluster))).toEqual(['running', 'running']);
      const report = matrixSchema.parse(await json(['net', 'matrix', ...LAB]));
      expect(report.cells.filter(({ ok, skipped }) => !ok && skipped === undefined)).toEqual([]);
      expect((await json<PoolStatus>(['pool'])).labs).toEqual([{ cluster, state: 'taken', takenAs: 'e2e-pooled' }]);
    },
    5 * MINUTE_MS,
  );

  realTest(
    'leaves nothing of a lab that was taken, once that is taken down',
    async () => {
      await json(['down', ...LAB]);
      expect(await machines(cluster)).toEqual({});
      await json(['down', '--pool']);
      expect(await json<PoolStatus>(['pool'])).toMatchObject({ settings: null, labs: [] });
    },
    5 * MINUTE_MS,
  );
});
