import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { done, notYet, waitFor } from '../../../core/index.ts';
import { encodeConfigure, type SensorStatistics } from '../../../detector/source/messages.ts';
import { encodeFrame, FrameKind } from '../../../detector/source/frames.ts';
import { encodeOpenFilter } from '../../../detector/source/open-filter-bytes.ts';
import type { OpenFilter } from '../../../detector/prefilter/open-filter.ts';
import type { SensorLink } from '../../../detector/source/sensor-link.ts';
import { filterOf, filterOfCondition, OpenFlag, passes, type Open } from '../../support/open-filter.ts';
import { buildSensor, sensorGap, startSensor, waitForMessage, type RunningSensor } from '../../support/sensor.ts';

const { readOnly, writeOnly, create, truncate, directory } = OpenFlag;
const gap = sensorGap();
/** A machine that is busy is slow, not broken. */
const SLOW_MS = 120_000;

(gap === undefined ? describe : describe.skip)(`the sensor's filter of opens${gap ?? ''}`, () => {
  let built: ReturnType<typeof buildSensor>;
  let sensor: RunningSensor;
  let link: SensorLink;
  let folder: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    built = buildSensor();
    sensor = await startSensor(built.file);
    link = await sensor.connect();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'kubedrill-opens-')));
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
  }, SLOW_MS);

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await sensor.stop();
    built.remove();
    rmSync(folder, { recursive: true });
  });

  async function inForce(opens: OpenFilter | undefined): Promise<void> {
    link.send(encodeConfigure({ types: new Set(['open', 'openat', 'creat', 'openat2']), opens }));
    await statistics(({ filterStates }) => filterStates === (opens?.automaton.states ?? 0));
  }

  function statistics(isWanted: (statistics: SensorStatistics) => boolean): Promise<SensorStatistics> {
    const before = sensor.messages.length;
    return waitForMessage(sensor, 'a heartbeat', (message, n) =>
      n >= before && message.kind === 'statistics' && isWanted(message.statistics) ? message.statistics : undefined,
    );
  }

  /** The names in opens of this process since message `from`, in their order, up to `last`. */
  async function named(from: number, last: string): Promise<readonly string[]> {
    const opens = (): readonly string[] =>
      sensor.messages.slice(from).flatMap((message) => {
        const isMine = message.kind === 'event' && message.record.id('pid') === process.pid;
        return isMine && message.record.type.startsWith('open') ? [message.record.text(0)] : [];
      });
    await waitForMessage(sensor, last, () => (opens().includes(last) ? true : undefined));
    return opens();
  }

  /** Counts the opens of a path from now on. */
  function counter(path: string) {
    let looked = sensor.messages.length;
    let found = 0;
    const count = (): number => {
      for (; looked < sensor.messages.length; looked++) {
        const message = sensor.messages[looked];
        if (message?.kind === 'event' && message.record.text(0) === path) found++;
      }
      return found;
    };
    const atLeast = (number: number): Promise<undefined> =>
      waitFor(async () => (count() >= number ? done(undefined) : notYet(`${String(count())} opens`)), {
        what: `${String(number)} opens`,
        timeoutMs: 60_000,
        intervalMs: 5,
      });
    return { count, atLeast };
  }

  /** The result, as far as it matters. */
  function act({ path, flags, mode }: Open): number {
    try {
      closeSync(openSync(path, flags, mode));
      return 0;
    } catch {
      return -1;
    }
  }

  test(
    'reports of many opens exactly those that the rules could match',
    async () => {
      const filter = filterOf(
        [
          `evt.is_open_read = true and fd.name endswith .secret`,
          `evt.is_open_write = true and fd.directory = ${folder}/deep`,
          `evt.is_open_exec = true`,
          `evt.failed = true and fd.filename startswith gone`,
          `fd.typechar = d and not fd.name startswith anyof (/tmp, /usr)`,
          `evt.arg.flags contains O_TRUNC and fd.name contains /er/`,
        ]
          .map(
            (condition, n) =>
              `- {rule: R${String(n)}, desc: D, output: O, priority: INFO, condition: 'evt.type in (open, openat) and ${condition}'}\n`,
          )
          .join(''),
      );
      const names = ['a', 'b.secret', 'c.secret.', 'deep/a', 'deep/er/b', 'deep/../b', 'gone', './d', '//e', '.'];
      const long = `${folder}/${'x'.repeat(250 - folder.length)}`;
      const fromHere = join(relative(process.cwd(), folder), 'relative');
      const opens = [readOnly, writeOnly, writeOnly | create, writeOnly | truncate, readOnly | directory].flatMap(
        (flags) =>
          [...names.map((name) => `${folder}/${name}`), long, `${long}yyyyyyyyy`, fromHere, '/usr', '/etc'].flatMap(
            (path) => [0o644, 0o755].map((mode): Open => ({ path, flags, mode })),
          ),
      );
      await inForce(filter);
      const from = sensor.messages.length;
      const expected: string[] = [];
      for (const open of opens) if (passes(filter, { ...open, result: act(open) })) expected.push(String(open.path));
      const last = `${folder}/deep/last`;
      act({ path: last, flags: writeOnly | create });
      expect(await named(from, last)).toEqual([...expected, last]);
      expect(expected.length).toBeGreaterThan(20);
      expect(expected.length).toBeLessThan(opens.length - 20);
    },
    SLOW_MS,
  );

  test(
    'counts what it keeps back',
    async () => {
      await inForce(filterOfCondition('evt.type = openat and fd.name = /nowhere'));
      const before = await statistics(() => true);
      for (let n = 0; n < 500; n++) act({ path: '/usr', flags: readOnly });
      const after = await statistics(({ opensKeptBack }) => opensKeptBack >= before.opensKeptBack + 500);
      expect(after.filterStates).toBeGreaterThan(0);
    },
    SLOW_MS,
  );

  test(
    'loses none of the opens that are wanted before and after, while it is exchanged',
    async () => {
      const needle = `${folder}/needle`;
      const filters = ['/etc/shadow', '/srv/x'].map((path) =>
        filterOfCondition(`evt.type in (open, openat) and fd.name in (${needle}, ${path})`),
      );
      await inForce(filters[0]);
      const seen = counter(needle);
      children.push(spawn(process.execPath, ['-e', openingScript(needle)], { stdio: 'ignore' }));
      for (let part = 1; part <= EXCHANGES; part++) {
        await seen.atLeast((part * OPENS) / (2 * EXCHANGES));
        link.send(encodeConfigure({ types: new Set(['open', 'openat']), opens: filters[part % 2] }));
      }
      await seen.atLeast(OPENS);
      const { droppedRingFull } = await statistics(() => true);
      expect({ seen: seen.count(), droppedRingFull }).toEqual({ seen: OPENS, droppedRingFull: 0 });
    },
    SLOW_MS,
  );

  test.each([
    ['that is cut off', (filter: Buffer) => filter.subarray(0, 100)],
    ['whose tables are too short', (filter: Buffer) => filter.subarray(0, -2)],
    ['whose table leads out of itself', (filter: Buffer) => changed(filter, filter.length - 2, 0xffff)],
    ['with a column beyond its width', (filter: Buffer) => changed(filter, 2072 + 40, 0xffff)],
    ['with a start beyond its table', (filter: Buffer) => changed(filter, 2056 + 8, 0xffff)],
    ['wider than there are bytes', (filter: Buffer) => changed(filter, 2056 + 12, 0x7fff)],
  ])(
    'is refused when it is one %s, and then all opens are reported',
    async (_, spoil) => {
      const filter = filterOfCondition('evt.type = openat and fd.name = /nowhere');
      await inForce(filter);
      const { requestsRejected } = await statistics(() => true);
      const payload = Buffer.concat([Buffer.alloc(24), spoil(encodeOpenFilter(filter))]);
      link.send(encodeFrame(FrameKind.configure, payload));
      const refused = await statistics((next) => next.requestsRejected === requestsRejected + 1);
      expect(refused.filterStates).toBe(0);
      const from = sensor.messages.length;
      act({ path: `${folder}/after`, flags: readOnly });
      expect(await named(from, `${folder}/after`)).toContain(`${folder}/after`);
    },
    SLOW_MS,
  );
});

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16LE(value, at);
  return copy;
}

const OPENS = 60_000;
const EXCHANGES = 20;

/** Opens and fails, with a breath now and then, so that what matters is not lost for want of room. */
function openingScript(path: string): string {
  return `
    const fs = require('fs');
    let left = ${String(OPENS)};
    const some = () => {
      for (let n = 0; n < 500; n++, left--) { try { fs.openSync(${JSON.stringify(path)}) } catch {} }
      if (left > 0) setTimeout(some, 5);
    };
    some();`;
}
