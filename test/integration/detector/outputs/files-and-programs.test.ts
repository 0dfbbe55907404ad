import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, systemClock, waitFor } from '../../../../core/index.ts';
import { Output } from '../../../../detector/output/output.ts';
import { fileSink } from '../../../../detector/output/sinks/file-sink.ts';
import { programSink } from '../../../../detector/output/sinks/program-sink.ts';
import { documentOf, outputOf } from '../../../unit/detector/output/documents.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-outputs-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const soon = (): AbortSignal => AbortSignal.timeout(10_000);
const line = (text: string) => documentOf({ output: text });

describe('an output to a file', () => {
  const lines = async (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const sinkOf = (more = {}) => fileSink(outputOf('file', { path: join(folder, 'a.log'), format: 'text', ...more }));

  test('appends to what is there', async () => {
    await writeFile(join(folder, 'a.log'), 'before\n');
    const sink = sinkOf();
    await sink.deliver(line('one'), soon());
    await sink.deliver(line('two'), soon());
    await sink.close();
    expect(await lines('a.log')).toBe('before\none\ntwo\n');
  });

  test('is rotated by size, and keeps so many files', async () => {
    const sink = sinkOf({ max_bytes: 480, keep: 2 });
    // Four of a hundred bytes fit.
    for (let n = 10; n < 30; n++) await sink.deliver(line(`${String(n)}${'.'.repeat(97)}`), soon());
    await sink.close();
    expect((await readdir(folder)).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    expect((await lines('a.log.2')).match(/^\d+/gm)).toEqual(['18', '19', '20', '21']);
    expect((await lines('a.log.1')).match(/^\d+/gm)).toEqual(['22', '23', '24', '25']);
    expect((await lines('a.log')).match(/^\d+/gm)).toEqual(['26', '27', '28', '29']);
  });

  test('asked to begin again puts the file aside', async () => {
    const sink = sinkOf();
    await sink.deliver(line('one'), soon());
    sink.reopen?.();
    await sink.deliver(line('two'), soon());
    await sink.close();
    expect([await lines('a.log.1'), await lines('a.log')]).toEqual(['one\n', 'two\n']);
  });

  test('asked to begin again leaves a file alone that was moved away already', async () => {
    const sink = sinkOf();
    await sink.deliver(line('one'), soon());
    await rename(join(folder, 'a.log'), join(folder, 'moved'));
    sink.reopen?.();
    await sink.deliver(line('two'), soon());
    await sink.close();
    expect((await readdir(folder)).sort()).toEqual(['a.log', 'moved']);
    expect(await lines('a.log')).toBe('two\n');
  });

  test('that cannot be written fails with the reason', async () => {
    const sink = fileSink(outputOf('file', { path: join(folder, 'none', 'a.log') }));
    await expect(sink.deliver(line('one'), soon())).rejects.toThrow('ENOENT');
  });
});

describe('an output to a program', () => {
  const got = (): string => join(folder, 'got');
  const shell = (script: string, more = {}) =>
    programSink(outputOf('program', { command: ['/bin/sh', '-c', script, 'sh', got()], format: 'text', ...more }));
  const text = (): Promise<string> => readFile(got(), 'utf8').catch(() => '');
  const untilGot = (expected: string) =>
    waitFor(async () => ((await text()) === expected ? done(true) : notYet(await text())), {
      what: expected,
      timeoutMs: 10_000,
      intervalMs: 10,
    });

  test('feeds one process line by line', async () => {
    const sink = shell('while read -r line; do echo "$$ $line" >> "$1"; done');
    for (const word of ['one', 'two']) await sink.deliver(line(word), soon());
    await waitFor(async () => ((await text()).split('\n').length === 3 ? done(true) : notYet(await text())), {
      what: 'two lines',
      timeoutMs: 10_000,
      intervalMs: 10,
    });
    await sink.close();
    const [first, second] = (await text()).split('\n');
    expect([first?.split(' ')[1], second?.split(' ')[1]]).toEqual(['one', 'two']);
    expect(first?.split(' ')[0]).toBe(second?.split(' ')[0]);
  });

  test('starts it again after it has ended', async () => {
    const output = new Output({
      config: outputOf('program', { attempts: 100, command: ['/bin/sh'] }),
      sink: shell('read -r line; echo "$line" >> "$1"'),
      node: 'node-1',
      clock: systemClock,
    });
    output.offer(line('one'));
    await untilGot('one\n');
    await waitFor(
      async () => {
        // A line that was in the pipe of a program when it ended is lost: the kernel does not tell.
        output.offer(line('more'));
        return (await text()).split('\n').length > 3 ? done(true) : notYet(await text());
      },
      { what: 'further processes', timeoutMs: 10_000, intervalMs: 50 },
    );
    await output.drain(1_000);
  });

  test('runs one process for each alert, and fails with what it said when it did not end well', async () => {
    const once = { keep_alive: false };
    const sink = shell('cat >> "$1"', once);
    await sink.deliver(line('one'), soon());
    await sink.deliver(line('two'), soon());
    expect(await text()).toBe('one\ntwo\n');
    await expect(shell('echo no disk >&2; exit 3', once).deliver(line('x'), soon())).rejects.toThrow(
      '/bin/sh ended with 3: no disk',
    );
    // Not reading its input is no failure.
    await shell('exit 0', once).deliver(line('x'.repeat(1_000_000)), soon());
  });

  test.each([true, false])('that takes nothing is killed and told of (keep_alive: %s)', async (keepAlive) => {
    const sink = shell('echo $$ > "$1"; exec sleep 1000', { keep_alive: keepAlive });
    // More than a pipe holds.
    const delivery = sink.deliver(line('x'.repeat(1_000_000)), AbortSignal.timeout(300));
    await expect(delivery).rejects.toThrow(keepAlive ? 'takes nothing' : 'did not end in time');
    const pid = Number(await text());
    await waitFor(async () => (isAlive(pid) ? notYet('alive') : done(true)), { what: 'its end', timeoutMs: 5_000 });
  });

  test('that is not there is told of', async () => {
    const sink = programSink(outputOf('program', { command: ['/nothing/there'] }));
    await expect(sink.deliver(line('x'), soon())).rejects.toThrow('ENOENT');
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
