import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../core/index.ts';
import { withLabLock } from '../../../labs/lock.ts';

let state: string;
const deps = () => ({ paths: { state, cache: state }, clock: systemClock });

beforeEach(() => (state = mkdtempSync(join(tmpdir(), 'kd-lock-'))));
afterEach(() => rmSync(state, { recursive: true, force: true }));

/** Leaves the lock as a process leaves it that was killed. */
function leaveLock(pid: number): void {
  mkdirSync(join(state, '.locks', 'lab.json.lock'), { recursive: true });
  writeFileSync(join(state, '.locks', 'lab.json'), JSON.stringify({ pid, purpose: 'up', since: 'then' }));
}

describe('the lock of a lab', () => {
  test('is free again when the work is done, and when it fails', async () => {
    expect(await withLabLock(deps(), 'lab', 'up', async () => 'done')).toBe('done');
    await expect(withLabLock(deps(), 'lab', 'up', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLabLock(deps(), 'lab', 'up', async () => 'again')).toBe('again');
  });

  test('keeps a second one out, and says who holds it for what', async () => {
    await withLabLock(deps(), 'lab', 'up', async () => {
      await expect(withLabLock(deps(), 'lab', 'down', async () => undefined)).rejects.toMatchObject({
        what: 'the lab "lab" is in use',
        why: expect.stringContaining(`process ${String(process.pid)} (up, since `),
      });
    });
  });

  test('does not keep labs from each other', async () => {
    await withLabLock(deps(), 'lab', 'up', async () => {
      expect(await withLabLock(deps(), 'second', 'up', async () => 'done')).toBe('done');
    });
  });

  test('is taken over at once from a process that is dead', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    leaveLock(pid);
    expect(await withLabLock(deps(), 'lab', 'up', async () => 'done')).toBe('done');
  });

  test('is not taken over from one that lives', async () => {
    leaveLock(process.ppid);
    await expect(withLabLock(deps(), 'lab', 'up', async () => 'done')).rejects.toMatchObject({
      why: expect.stringContaining(`process ${String(process.ppid)}`),
    });
  });

  test('does not mind when the state folder is deleted meanwhile', async () => {
    await withLabLock(deps(), 'lab', 'up', async () => rmSync(state, { recursive: true }));
    expect(await withLabLock(deps(), 'lab', 'up', async () => 'done')).toBe('done');
  });
});
