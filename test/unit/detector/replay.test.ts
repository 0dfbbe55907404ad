import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { record } from '../../../detector/recording/record.ts';
import { filterBatch, filterEvents, replay, validateRules } from '../../../detector/replay.ts';
import { ruleText } from './ruleset/rules-text.ts';

const LINES = [
  '{"evt.num": 3, "evt.type": "open", "proc.name": "cat"}',
  '',
  '{"evt.num": 5, "evt.type": "close", "proc.name": "cat"}',
  '{"evt.num": 8, "evt.type": "open", "proc.name": "sh", "container.id": "abc"}',
].join('\n');
const AUDIT =
  '{"auditID":"a","stage":"ResponseComplete","verb":"get"}\n{"kind":"EventList",\n "items":[{"auditID":"b","verb":"list"}]}\n';

describe('replay', () => {
  let folder: string;
  const path = (name: string, content: string | Buffer) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubedrill-replay-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('judges recorded events, plain, gzipped or from the standard input', async () => {
    const rules = [path('rules.yaml', ruleText({ condition: 'evt.type = open and proc.name = cat' }))];
    const numbers = async (events: string, stdin?: Readable) =>
      (await collected(replay({ rules, events: [events], ...(stdin === undefined ? {} : { stdin }) }))).map(
        ({ eventNumber }) => eventNumber,
      );
    expect(await numbers(path('e.jsonl', LINES))).toEqual([3]);
    expect(await numbers(path('e.jsonl.gz', gzipSync(LINES)))).toEqual([3]);
    expect(await numbers('-', Readable.from([LINES]))).toEqual([3]);
    expect(await numbers('-', Readable.from([gzipSync(LINES)]))).toEqual([3]);
  });

  test('knows what a file is by what it begins with, not by its name', async () => {
    const lines = path('e.jsonl', LINES);
    const recorded = join(folder, 'e.kdr');
    await record({ events: [lines], out: recorded });
    const opened = async (events: string, stdin = Readable.from([])) =>
      (await collected(filterEvents('evt.type = open', { events: [events], stdin }))).map(({ number }) => number);
    expect(await opened(path('e.gz', LINES))).toEqual([3, 8]);
    expect(await opened(path('renamed.jsonl', readFileSync(recorded)))).toEqual([3, 8]);
    expect(await opened('-', createReadStream(recorded, { highWaterMark: 1 }))).toEqual([3, 8]);
    expect(await opened('-', Readable.from([gzipSync(readFileSync(recorded))]))).toEqual([3, 8]);
  });

  test('judges a binary recording as the lines that it was written from', async () => {
    const rules = [path('rules.yaml', ruleText({ condition: 'evt.type = open and container.id in (host, abc)' }))];
    const lines = path('e.jsonl', LINES);
    const set = ['container.id=host'];
    for (const name of ['e.kdr', 'e.kdr.gz']) {
      expect(await record({ events: [lines], out: join(folder, name) })).toBe(3);
      const alerts = await collected(replay({ rules, events: [join(folder, name), lines], set, matching: 'all' }));
      expect(alerts.map(({ eventNumber, output }) => [eventNumber, output])).toEqual([
        ...alerts.slice(2).map(({ eventNumber, output }) => [eventNumber, output]),
        ...alerts.slice(0, 2).map(({ eventNumber, output }) => [eventNumber, output]),
      ]);
      expect(alerts.map(({ eventNumber }) => eventNumber)).toEqual([3, 8, 3, 8]);
    }
  });

  test('counts events of a binary recording that do not say their number', async () => {
    const lines = path('e.jsonl', '{"evt.type":"open"}\n{"evt.type":"close"}\n{"evt.type":"open"}');
    const out = join(folder, 'e.kdr');
    await record({ events: [lines], out });
    const numbers = (await collected(filterEvents('evt.type = open', { events: [out] }))).map(({ number }) => number);
    expect(numbers).toEqual([1, 3]);
  });

  test('refuses what is no whole binary recording, or cannot become one', async () => {
    const rules = [path('rules.yaml', ruleText())];
    const lines = path('e.jsonl', LINES);
    const whole = join(folder, 'e.kdr');
    await record({ events: [lines], out: whole });
    const cut = path('cut.kdr', readFileSync(whole).subarray(0, -1));
    await expect(collected(replay({ rules, events: [cut] }))).rejects.toThrow(/cut\.kdr is no whole binary recording/);
    const damaged = Buffer.concat([readFileSync(whole).subarray(0, -4), Buffer.alloc(4, 0xff)]);
    await expect(collected(replay({ rules, events: [path('d.kdr', damaged)] }))).rejects.toThrow('names no group');
    await expect(collected(replay({ rules, events: [join(folder, 'none.kdr')] }))).rejects.toThrow('ENOENT');
    await expect(record({ events: [lines], out: join(folder, 'no/e.kdr') })).rejects.toThrow('ENOENT');
    const audit = path('audit.log', AUDIT);
    await expect(record({ events: [audit], out: join(folder, 'e.kdr') })).rejects.toThrow('no map of fields');
  });

  test('asks rules that are switched off too, unless told not to', async () => {
    const options = { rules: [path('rules.yaml', ruleText({ enabled: 'false' }))], events: [path('e.jsonl', LINES)] };
    expect(await collected(replay(options))).toHaveLength(2);
    expect(await collected(replay({ ...options, enabledOnly: true }))).toEqual([]);
  });

  test('fills fields that events lack, with the type of the field', async () => {
    const condition = 'evt.type = open and container.id = host and proc.pid = 7 and evt.is_io = true';
    const options = { rules: [path('rules.yaml', ruleText({ condition }))], events: [path('e.jsonl', LINES)] };
    const set = ['container.id=host', 'proc.pid=7', 'evt.is_io=true'];
    expect((await collected(replay({ ...options, set }))).map(({ eventNumber }) => eventNumber)).toEqual([3]);
  });

  test('reads audit events, one a line or in lists over many lines', async () => {
    const rules = [path('rules.yaml', ruleText({ source: 'k8s_audit', condition: 'ka.verb in (get, list)' }))];
    const alerts = await collected(replay({ rules, events: [path('audit.log', AUDIT)] }));
    expect(alerts.map(({ eventNumber }) => eventNumber)).toEqual([1, 2]);
  });

  test('finds events by a condition, and for many conditions at once', async () => {
    const events = [path('e.jsonl', LINES)];
    const found = await collected(filterEvents('evt.type = open', { events }));
    expect(found.map(({ number }) => number)).toEqual([3, 8]);
    expect(await filterBatch(['proc.name = cat', 'proc.nome = x', 'evt.num = 0'], { events })).toEqual([
      { filter: 'proc.name = cat', match: [3, 5] },
      { filter: 'proc.nome = x', error: 'filter_check called with nonexistent field proc.nome' },
      { filter: 'evt.num = 0', match: [] },
    ]);
  });

  test('says what is wrong with rules, all of it', async () => {
    const report = await validateRules([path('rules.yaml', '- rule: R\n- list: l\n')]);
    expect(report.successful).toBe(false);
    expect(report.errors).toHaveLength(2);
    expect((await validateRules([path('good.yaml', ruleText())])).successful).toBe(true);
  });

  test.each([
    ['rules that do not load', { content: '- rule: R' }, /the rules do not load.*rules\.yaml:1:3/],
    ['events that are cut off', { lines: '{"evt.num": 1}\n{"evt.type": "op' }, /e\.jsonl:2 is no event/],
    ['events that are none', { lines: 'hello' }, /e\.jsonl:1 is no event/],
    ['a field that does not exist', { set: ['proc.nam=x'] }, /cannot set proc\.nam=x/],
  ])(
    'fails for %s',
    async (
      _what,
      { content = ruleText(), lines = LINES, set = [] }: { content?: string; lines?: string; set?: string[] },
      message,
    ) => {
      const options = { rules: [path('rules.yaml', content)], events: [path('e.jsonl', lines)], set };
      await expect(collected(replay(options))).rejects.toThrow(message);
    },
  );

  test('fails for files that are not there, and for a gzip that was cut', async () => {
    const rules = [path('rules.yaml', ruleText())];
    await expect(collected(replay({ rules: [join(folder, 'no.yaml')], events: [] }))).rejects.toThrow(
      /cannot read rules/,
    );
    await expect(collected(replay({ rules, events: [join(folder, 'no.jsonl')] }))).rejects.toThrow(
      /cannot read events/,
    );
    await expect(collected(replay({ rules, events: [join(folder, 'no.jsonl.gz')] }))).rejects.toThrow(
      /cannot read events/,
    );
    const cut = path('cut.gz', gzipSync(LINES).subarray(0, 40));
    await expect(collected(replay({ rules, events: [cut] }))).rejects.toThrow(/cannot read events/);
  });

  test('points at what is wrong in a condition', async () => {
    await expect(collected(filterEvents('proc.name = x and proc.nome = y', { events: [] }))).rejects.toThrow(
      /at character 19/,
    );
  });
});

async function collected<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
