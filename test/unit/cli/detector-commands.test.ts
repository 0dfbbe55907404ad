import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleTestSchema, whySchema } from '../../../cli/schemas/detector.ts';
import { cli } from '../../support/cli.ts';

const RULES =
  '- rule: Opens\n  condition: evt.type = open and proc.name = sh\n  desc: d\n  output: o\n  priority: INFO\n';
const EVENTS = '{"evt.num": 1, "evt.type": "open", "proc.name": "vi"}\n';
const TESTS = [
  '- rule: Opens',
  '  event: { evt.type: open, proc.name: sh }',
  '  fires: [{ says: a shell }]',
  '  silent: [{ says: an editor, with: { proc.name: vi } }]',
  '',
].join('\n');

describe('commands of the detector', () => {
  let folder: string;
  const path = (name: string, content: string) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubedrill-detector-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('why explains a rule, as text and as a document', async () => {
    const argv = ['detector', 'why', 'Opens', '--events', path('e.jsonl', EVENTS), '--rules', path('r.yaml', RULES)];
    const { exitCode, out } = await cli(argv);
    expect(exitCode).toBe(0);
    expect(out).toContain('It did not fire because:\n  ✗ proc.name = sh – is vi\n');
    const document = await cli([...argv, '--at', '1', '--json']);
    expect(whySchema.parse(JSON.parse(document.out)).explained.map(({ event }) => event)).toEqual([1]);
  });

  test('why refuses an event that is not there', async () => {
    const files = ['--events', path('e.jsonl', EVENTS), '--rules', path('r.yaml', RULES)];
    const { exitCode, err } = await cli(['detector', 'why', 'Opens', ...files, '--at', '9']);
    expect(exitCode).toBe(2);
    expect(err).toContain('there is no event 9');
  });

  test('why asks a lab only about the rules that it runs', async () => {
    const { exitCode, err } = await cli(['detector', 'why', 'Opens', '--rules', path('r.yaml', RULES)]);
    expect(exitCode).toBe(2);
    expect(err).toContain('--rules, --source and --set are for recorded events');
  });

  test('record says how many events it wrote, as text and as a document', async () => {
    const out = join(folder, 'e.kdr');
    const argv = ['detector', 'record', out, '--events', path('e.jsonl', EVENTS)];
    expect(await cli(argv)).toMatchObject({ exitCode: 0, out: `1 events in ${out}\n` });
    const document: unknown = JSON.parse((await cli([...argv, '--json'])).out);
    expect(document).toEqual({ apiVersion: 'kubedrill/v1', out, events: 1 });
  });

  test('test succeeds where all cases pass, and shows what they do not try', async () => {
    const argv = ['detector', 'test', path('t.yaml', TESTS), '--rules', path('r.yaml', RULES)];
    const { exitCode, out } = await cli([...argv, '--coverage']);
    expect(exitCode).toBe(0);
    expect(out).toContain('  75 %  Opens\n         never false: evt.type = open\n');
    expect((await cli(argv)).out).not.toContain('never false');
  });

  test('test fails where a case does, and says why', async () => {
    const tests = TESTS.replace('a shell }', 'a shell, with: { proc.name: vi } }');
    const argv = ['detector', 'test', path('t.yaml', tests), '--rules', path('r.yaml', RULES)];
    const { exitCode, out } = await cli(argv);
    expect(exitCode).toBe(1);
    expect(out).toMatch(
      /^✗ Opens: fires for a shell\n.*t\.yaml:3\n {4}it does not fire; the reasons:\n.*proc\.name = sh – is vi/,
    );
    const document = await cli([...argv, '--json']);
    expect(document.exitCode).toBe(1);
    expect(ruleTestSchema.parse(JSON.parse(document.out))).toMatchObject({ successful: false, passed: 1, failed: 1 });
  });
});
