import { Chalk, type ChalkInstance } from 'chalk';
import { whyText } from '../../../../cli/render/why.ts';
import { whySchema } from '../../../../cli/schemas/detector.ts';
import { API_VERSION } from '../../../../core/index.ts';
import { MapEvent, type FieldMap } from '../../../../detector/event/map-event.ts';
import { createInquiry, type InquiryOptions } from '../../../../detector/explain/inquiry.ts';
import { reasonsOf } from '../../../../detector/explain/reasons.ts';
import { createExplainer } from '../../../../detector/explain/explain.ts';
import type { WhyReport } from '../../../../detector/index.ts';
import { loadTexts, onlyRule, ruleText } from '../../detector/ruleset/rules-text.ts';

const plain = new Chalk({ level: 0 });
const colours = new Chalk({ level: 1 });
const RULES = [
  '- macro: shells\n  condition: proc.name in (sh, bash, dash, ash, zsh)\n',
  '- macro: expected\n  condition: proc.pname = cron or proc.pname = sshd\n',
  ruleText({ condition: 'evt.type = open and shells and proc.cmdline contains x and not expected' }),
].join('');

describe('why, in a terminal', () => {
  test('is a tree, the reasons, and what is false as well', () => {
    expect(why([{ 'proc.name': 'vi', 'proc.cmdline': 'vi x', 'proc.pname': 'sshd' }], {}, plain, 100)).toBe(
      [
        'R (Informational, syscall, a.yaml:5)',
        'Its condition holds for no event (it looks at 1 of the 1 that were read).',
        '',
        'Event 1 (open): 2 of 4 conditions hold',
        '✗ all of',
        '  ✓ evt.type = open – is open',
        '  ✗ shells: proc.name in (sh, bash, dash, ash, zsh) – is vi',
        '  ✓ proc.cmdline contains x – is vi x',
        '  ✗ not expected: any of',
        '    ✗ proc.pname = cron – is sshd',
        '    ✓ proc.pname = sshd – is sshd',
        'It did not fire because:',
        '  ✗ proc.name in (sh, bash, dash, ash, zsh) – is vi, in shells',
        'What is false as well, though it was not asked any more:',
        '  ✗ not proc.pname = sshd – is sshd, in expected',
        '',
      ].join('\n'),
    );
  });

  test('says first what keeps a rule from firing at all', () => {
    const options: InquiryOptions = { minimumPriority: 'Error' };
    const lines = why([{ 'proc.name': 'sh', 'proc.cmdline': 'x' }], options, plain, 100).split('\n');
    expect(lines[1]).toBe('It cannot fire: its priority Informational is below Error, the lowest that is asked for.');
    expect(lines[2]).toBe('Its condition holds for event 1.');
  });

  test('names the events for which it fires', () => {
    const hit = { 'proc.name': 'sh', 'proc.cmdline': 'x' };
    const text = why(
      Array.from({ length: 15 }, () => hit),
      {},
      plain,
      100,
    );
    expect(text).toContain('\nIt fires for events 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 3 more.\n');
    expect(text).toContain('\nThe condition holds.\n');
  });

  test('says that a field is missing', () => {
    expect(why([{ 'proc.name': 'sh' }], {}, plain, 100)).toContain('  ? proc.cmdline contains x – is missing\n');
  });

  test('fits the terminal, and keeps what was seen', () => {
    const event = { 'proc.name': 'v'.repeat(300), 'proc.cmdline': 'x', 'proc.pname': 'w'.repeat(300) };
    for (const columns of [50, 80, 120]) {
      const lines = why([event], {}, plain, columns).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(lines.find((line) => line.includes('shells: '))).toMatch(/ – is v+…$/);
    }
  });

  test('prints nothing of an event that could steer the terminal', () => {
    const text = why([{ 'proc.name': 'a\u001b[2Jb\nc' }], {}, plain, 100);
    expect(text).toContain('is a\\x1b[2Jb\\nc');
    expect(text).not.toContain('\u001b');
  });

  test('is dim where the answer does not rest on it', () => {
    const text = why([{ 'proc.name': 'vi' }], {}, colours, 100);
    expect(text).toContain(colours.dim('  ✓ evt.type = open – is open'));
    expect(text).toContain(`  ${colours.red('✗')} shells: `);
  });

  test('says for which field a condition is undecided', () => {
    const text = whyText(undecidedReport(), plain, 100);
    expect(text).toContain('? proc.name = sh – is not known yet');
    expect(text).toContain('\nundecided: proc.name was not known yet\n');
    expect(text).not.toContain('because');
  });

  test('has the documented form as JSON', () => {
    const report = reportOf([{ 'proc.name': 'vi' }], { at: 1 });
    expect(whySchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(whySchema.parse(undecidedReport())).toBeDefined();
    expect(whySchema.safeParse({ ...report, luck: 7 }).success).toBe(false);
  });
});

function why(events: readonly FieldMap[], options: InquiryOptions, style: ChalkInstance, columns: number): string {
  return whyText(reportOf(events, options), style, columns);
}

function reportOf(events: readonly FieldMap[], options: InquiryOptions): WhyReport {
  const result = loadTexts([RULES]);
  if (result.ruleset === undefined) throw new Error(JSON.stringify(result.errors));
  const inquiry = createInquiry(result.ruleset, onlyRule(result), options);
  for (const [index, fields] of events.entries()) {
    inquiry.look(new MapEvent({ 'evt.type': 'open', 'evt.num': index + 1, ...fields }));
  }
  return { apiVersion: API_VERSION, ...inquiry.answer() };
}

/** As a live detector would have it, whose facts may still come. */
function undecidedReport(): WhyReport {
  const rule = onlyRule(loadTexts([ruleText({ condition: 'evt.type = open and proc.name = sh' })]));
  const explainer = createExplainer(rule.condition, { readState: () => ({ kind: 'unknown' }) });
  const condition = explainer.explain(new MapEvent({ 'evt.type': 'open' }));
  const conditions = { holding: 1, of: 2 };
  const explained = { event: 1, type: 'open', verdict: condition.verdict, obstacles: [], conditions, condition };
  return { ...reportOf([], {}), explained: [{ ...explained, ...reasonsOf(condition) }] };
}
