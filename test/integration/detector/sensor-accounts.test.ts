import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountsAssembly, encodeReadAccounts, type AccountFiles } from '../../../detector/source/accounts-frames.ts';
import { encodeFrame, FrameKind } from '../../../detector/source/frames.ts';
import type { SensorStatistics } from '../../../detector/source/messages.ts';
import type { SensorLink } from '../../../detector/source/sensor-link.ts';
import {
  buildSensor,
  sensorGap,
  startSensorWithTasks,
  waitForMessage,
  type RunningSensor,
} from '../../support/sensor.ts';

const gap = sensorGap();
const SLOW_MS = 120_000;
const SECRET = 'secret:x:1:1\n';

(gap === undefined ? describe : describe.skip)(
  `the accounts of containers, as the sensor reads them${gap ?? ''}`,
  () => {
    let built: ReturnType<typeof buildSensor>;
    let sensor: RunningSensor;
    let link: SensorLink;
    let folder: string;
    let containers = 0;

    beforeAll(async () => {
      built = buildSensor();
      folder = mkdtempSync(join(tmpdir(), 'kubedrill-tasks-'));
      writeFileSync(join(folder, 'secret'), SECRET);
      mkdirSync(join(folder, 'tasks'));
      sensor = await startSensorWithTasks(built.file, join(folder, 'tasks'));
      link = await sensor.connect();
    }, SLOW_MS);

    afterAll(async () => {
      await sensor.stop();
      built.remove();
      rmSync(folder, { recursive: true });
    });

    /** A container with a root file system of its own; `etc` below `root` is to be filled. */
    function container(): { readonly id: string; readonly etc: string } {
      const id = String(++containers).padStart(64, '0');
      const etc = join(folder, 'tasks', id, 'rootfs', 'etc');
      mkdirSync(etc, { recursive: true });
      return { id, etc };
    }

    function accountsOf(id: string, of = sensor): Promise<AccountFiles> {
      const assembly = new AccountsAssembly();
      const before = of.messages.length;
      link.send(encodeReadAccounts(id));
      return waitForMessage(of, `the accounts of ${id}`, (message, n) =>
        n >= before && message.kind === 'accounts' ? assembly.push(message.part) : undefined,
      );
    }

    test(
      'are its /etc/passwd and /etc/group',
      async () => {
        const { id, etc } = container();
        writeFileSync(join(etc, 'passwd'), 'ann:x:1000:1000\n');
        writeFileSync(join(etc, 'group'), 'wheel:x:10:ann\n');
        expect(await accountsOf(id)).toEqual({
          containerId: id,
          passwd: 'ann:x:1000:1000\n',
          group: 'wheel:x:10:ann\n',
        });
      },
      SLOW_MS,
    );

    test(
      'are read anew each time they are asked for',
      async () => {
        const { id, etc } = container();
        expect((await accountsOf(id)).passwd).toBe('');
        writeFileSync(join(etc, 'passwd'), 'late:x:5:5\n');
        expect((await accountsOf(id)).passwd).toBe('late:x:5:5\n');
      },
      SLOW_MS,
    );

    test(
      'are none of a container that is not there, or has no such files',
      async () => {
        const nobody = 'f'.repeat(64);
        expect(await accountsOf(nobody)).toEqual({ containerId: nobody, passwd: '', group: '' });
        const { id } = container();
        expect(await accountsOf(id)).toEqual({ containerId: id, passwd: '', group: '' });
      },
      SLOW_MS,
    );

    test.each([
      ['an absolute link', (etc: string) => symlinkSync(join(folder, 'secret'), join(etc, 'passwd'))],
      ['a relative link', (etc: string) => symlinkSync('../../../../secret', join(etc, 'passwd'))],
      [
        'a link in the place of /etc',
        (etc: string) => {
          rmSync(etc, { recursive: true });
          mkdirSync(join(folder, 'elsewhere'));
          writeFileSync(join(folder, 'elsewhere', 'passwd'), SECRET);
          symlinkSync(join(folder, 'elsewhere'), etc);
        },
      ],
      ['a magic link of /proc', (etc: string) => symlinkSync('/proc/self/root/etc/passwd', join(etc, 'passwd'))],
    ])(
      'are not looked for outside of it, by %s',
      async (_which, arrange) => {
        const { id, etc } = container();
        arrange(etc);
        expect((await accountsOf(id)).passwd).toBe('');
      },
      SLOW_MS,
    );

    test(
      'are not looked for in the root of the machine, by a link in the place of the container’s root',
      async () => {
        const id = 'e'.repeat(64);
        mkdirSync(join(folder, 'tasks', id));
        symlinkSync('/', join(folder, 'tasks', id, 'rootfs'));
        expect((await accountsOf(id)).passwd).toBe('');
      },
      SLOW_MS,
    );

    test(
      'are followed by links within it, also by absolute ones',
      async () => {
        const { id, etc } = container();
        mkdirSync(join(etc, '..', 'usr'));
        writeFileSync(join(etc, '..', 'usr', 'passwd'), 'linked:x:7:7\n');
        symlinkSync('/usr/passwd', join(etc, 'passwd'));
        symlinkSync('../../../usr/passwd', join(etc, 'group'));
        expect(await accountsOf(id)).toMatchObject({ passwd: 'linked:x:7:7\n', group: 'linked:x:7:7\n' });
      },
      SLOW_MS,
    );

    test(
      'are none where there is a pipe, a device or a folder, and nobody waits for it',
      async () => {
        const { id, etc } = container();
        execFileSync('mkfifo', [join(etc, 'passwd')]);
        mkdirSync(join(etc, 'group'));
        expect(await accountsOf(id)).toMatchObject({ passwd: '', group: '' });
        const second = container();
        execFileSync('mknod', [join(second.etc, 'passwd'), 'c', '1', '5']);
        expect((await accountsOf(second.id)).passwd).toBe('');
      },
      SLOW_MS,
    );

    test(
      'are cut after 64 KiB',
      async () => {
        const { id, etc } = container();
        writeFileSync(join(etc, 'passwd'), 'x'.repeat(64 * 1024 + 1));
        writeFileSync(join(etc, 'group'), 'y'.repeat(64 * 1024));
        const { passwd, group } = await accountsOf(id);
        expect([passwd.length, group]).toEqual([64 * 1024, 'y'.repeat(64 * 1024)]);
      },
      SLOW_MS,
    );

    test(
      'of many containers come one after the other, whole',
      async () => {
        const all = Array.from({ length: 8 }, () => container());
        all.forEach(({ etc }, n) => writeFileSync(join(etc, 'passwd'), String(n).repeat(50_000)));
        const assembly = new AccountsAssembly();
        const before = sensor.messages.length;
        const found = new Map<string, string>();
        link.send(Buffer.concat(all.map(({ id }) => encodeReadAccounts(id))));
        await waitForMessage(sensor, 'all eight', (message, n) => {
          const files = n >= before && message.kind === 'accounts' ? assembly.push(message.part) : undefined;
          if (files !== undefined) found.set(files.containerId, files.passwd);
          return found.size === 8 ? true : undefined;
        });
        expect(all.map(({ id }) => found.get(id))).toEqual(all.map((_, n) => String(n).repeat(50_000)));
      },
      SLOW_MS,
    );

    test.each([
      ['a name that is no container’s', encodeFrame(FrameKind.readAccounts, Buffer.from('../../etc'))],
      ['a name that is too long', encodeFrame(FrameKind.readAccounts, Buffer.alloc(33))],
      ['more than a queue holds', Buffer.concat(Array.from({ length: 17 }, () => encodeReadAccounts('d'.repeat(64))))],
    ])(
      'are refused with the connection for %s, and that is counted',
      async (_which, request) => {
        const before = await statistics();
        link.send(request);
        expect((await statistics()).requestsRejected).toBe(before.requestsRejected + 1);
        const { id, etc } = container();
        writeFileSync(join(etc, 'passwd'), 'again:x:1:1\n');
        expect((await accountsOf(id)).passwd).toBe('again:x:1:1\n');
      },
      SLOW_MS,
    );

    function statistics(): Promise<SensorStatistics> {
      const before = sensor.messages.length;
      return waitForMessage(sensor, 'the next heartbeat', (message, n) =>
        n >= before && message.kind === 'statistics' ? message.statistics : undefined,
      );
    }
  },
);
