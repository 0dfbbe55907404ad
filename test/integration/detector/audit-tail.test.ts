import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, systemClock, waitFor } from '../../../core/index.ts';
import { tailAudit, type AuditTail } from '../../../detector/source/audit-tail.ts';

describe('the tail of an audit log', () => {
  let folder: string;
  let path: string;
  let stop: AbortController;
  let seen: unknown[];
  let lost: string[];
  let tail: AuditTail | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-audit-'));
    path = join(folder, 'audit.log');
    stop = new AbortController();
    seen = [];
    lost = [];
    tail = undefined;
  });

  afterEach(async () => {
    stop.abort();
    await tail?.finished;
    await rm(folder, { recursive: true });
  });

  function start(maxLineBytes = 1_000): void {
    tail = tailAudit({
      path,
      clock: systemClock,
      signal: stop.signal,
      pollMs: 5,
      maxLineBytes,
      onEvent: (event) => seen.push((event as { readonly id: unknown }).id),
      onLost: (why) => lost.push(why),
    });
  }

  const line = (id: number | string): string => `${JSON.stringify({ id })}\n`;

  function until(what: string, isTrue: () => boolean): Promise<void> {
    return waitFor(
      () => Promise.resolve(isTrue() ? done(undefined) : notYet(JSON.stringify({ seen, stats: tail?.stats() }))),
      { what, timeoutMs: 10_000, intervalMs: 5 },
    );
  }

  /** The log is open, and the tail stands at its end. */
  async function startAtEnd(before = ''): Promise<void> {
    await writeFile(path, before);
    start();
    await until('the log to be open', () => tail?.stats().trouble === undefined);
    await appendFile(path, line('first'));
    await until('the first line', () => seen.includes('first'));
    seen.length = 0;
  }

  test('begins at the end of a log that is there already', async () => {
    await startAtEnd(line('old') + line('older'));
    await appendFile(path, line(1) + line(2));
    await until('two lines', () => seen.length === 2);
    expect(seen).toEqual([1, 2]);
  });

  test('begins at the start of a log that appears later', async () => {
    start();
    await until('the trouble to be told', () => tail?.stats().trouble !== undefined);
    expect(tail?.stats().trouble).toContain('ENOENT');
    await writeFile(path, line(1));
    await until('the line', () => seen.length === 1);
    expect(tail?.stats().trouble).toBeUndefined();
  });

  test('loses no line when the log is rotated, not even one that is written to the old file last', async () => {
    await startAtEnd();
    await appendFile(path, line(1));
    await rename(path, `${path}.1`);
    await appendFile(`${path}.1`, line(2));
    await writeFile(path, line(3));
    await until('three lines', () => seen.length === 3);
    expect(seen).toEqual([1, 2, 3]);
    expect(tail?.stats().rotations).toBe(1);
  });

  test('goes through many rotations', async () => {
    await startAtEnd();
    for (let n = 1; n <= 5; n++) {
      await appendFile(path, line(n));
      await until(`line ${String(n)}`, () => seen.length === n);
      await rename(path, `${path}.${String(n)}`);
      await writeFile(path, '');
      await until(`rotation ${String(n)}`, () => tail?.stats().rotations === n);
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('begins again in a log that was cut to nothing', async () => {
    await startAtEnd(line('a long line that makes the log longer than what comes after the cut'));
    await truncate(path);
    await appendFile(path, line(1));
    await until('the line', () => seen.length === 1);
    expect(seen).toEqual([1]);
  });

  test('joins a line that is written in pieces', async () => {
    await startAtEnd();
    await appendFile(path, '{"id"');
    await appendFile(path, line(1).slice('{"id"'.length) + line(2));
    await until('both lines', () => seen.length === 2);
    expect(seen).toEqual([1, 2]);
  });

  test('passes over what is no JSON or too long, counts it, and goes on', async () => {
    await startAtEnd();
    const tooLong = JSON.stringify({ id: 'x'.repeat(2_000) });
    await appendFile(path, `no json\n"text"\n${tooLong}\n${line(1)}`);
    await until('the good line', () => seen.length === 1);
    expect(seen).toEqual([1]);
    expect(tail?.stats()).toMatchObject({ badJson: 2, overlong: 1 });
    expect(lost).toHaveLength(3);
  });

  test('passes over a line of so many parts that they would take the memory, counts it, and goes on', async () => {
    start(12 * 1024 * 1024);
    await until('the trouble to be told', () => tail?.stats().trouble !== undefined);
    const manyParts = JSON.stringify({ requestObject: Array.from({ length: 1_000_000 }, () => ({})) });
    await appendFile(path, `${manyParts}\n${line(1)}`);
    await until('the good line', () => seen.length === 1);
    expect(tail?.stats()).toMatchObject({ tooHeavy: 1, overlong: 0 });
    expect(lost).toHaveLength(1);
  });
});
