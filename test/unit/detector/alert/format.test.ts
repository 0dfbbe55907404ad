import { alertJson, replayJson } from '../../../../detector/alert/index.ts';
import { createEngine } from '../../../../detector/engine/index.ts';
import { MapEvent } from '../../../../detector/event/map-event.ts';
import { loadTexts, ruleText } from '../ruleset/rules-text.ts';

const EVENT = new MapEvent({
  'evt.type': 'open',
  'evt.num': 4,
  'evt.rawtime': 1_540_561_114_902_914_000n,
  'proc.name': 'cat',
  'proc.aname': ['sh', 'init'],
  'proc.pid': 42,
  'fd.types': ['file', 'pipe'],
  'evt.arg.flags': 'O_RDONLY',
});

describe('outputs', () => {
  test.each([
    ['%proc.name', 'cat'],
    ['<%5proc.name>', '<cat  >'],
    ['<%2proc.name>', '<ca>'],
    ['%proc.pidx', '42x'],
    ['%proc.aname', 'sh init'],
    ['%proc.aname[2]!', '<NA>!'],
    ['%fd.types', '(file,pipe)'],
    ['%evt.arg.flags.', 'O_RDONLY.'],
    ['%toupper(proc.name)', 'CAT'],
    ['%concat(proc.name, "-", proc.pid)', 'cat-42'],
    ['%fd.name', '<NA>'],
    ['%evt.time %evt.datetime', '13:38:34.902914000 2018-10-26 13:38:34.902914000'],
    ['%evt.time.iso8601', '2018-10-26T13:38:34.902914000+0000'],
    ['%evt.hostname', 'node-1'],
  ])('%s prints %s', (format, expected) => {
    expect(alertWith(format).message).toBe(expected);
  });

  test('have the time and the priority before them', () => {
    expect(alertWith('%proc.name').output).toBe('13:38:34.902914000: Informational cat');
  });

  test('have typed values by name, those inside of transformers too, and null for missing ones', () => {
    expect(alertWith('%toupper(proc.name) %proc.pid %fd.name %fd.types %evt.time').outputFields).toEqual({
      'toupper(proc.name)': 'CAT',
      'proc.name': 'cat',
      'proc.pid': 42,
      'fd.name': null,
      'fd.types': ['file', 'pipe'],
      'evt.time': 1_540_561_114_902_914_000n,
    });
  });

  test('are printed as JSON on one line, integers as they are', () => {
    const alert = alertWith('%evt.time');
    expect(replayJson(alert)).toBe(
      '{"evt_num":4,"time":"2018-10-26T13:38:34.902914000Z","rule":"R","priority":"Informational","source":"syscall","output":"13:38:34.902914000: Informational 13:38:34.902914000","tags":[],"output_fields":{"evt.time":1540561114902914000}}',
    );
    expect(JSON.parse(alertJson(alert))).toMatchObject({ hostname: 'node-1', rule: 'R' });
  });

  test('take additions for some rules', () => {
    const { ruleset } = loadTexts([ruleText({ tags: '[a]' })], {
      appendOutput: [
        {
          match: { tags: ['a'] },
          extraOutput: 'by %proc.name',
          extraFields: ['proc.pid', { both: '%proc.name/%proc.pid' }],
        },
        { match: { rule: 'other' }, extraOutput: 'not this' },
      ],
    });
    const [alert] = ruleset === undefined ? [] : createEngine({ ruleset }).process(EVENT);
    expect(alert?.message).toBe('x by cat');
    expect(alert?.outputFields).toEqual({ 'proc.name': 'cat', 'proc.pid': 42, both: 'cat/42' });
  });
});

function alertWith(format: string) {
  const { ruleset, errors } = loadTexts([ruleText({ output: `'${format}'` })]);
  if (ruleset === undefined) throw new Error(errors[0]?.message);
  const [alert] = createEngine({ ruleset, hostname: 'node-1' }).process(EVENT);
  if (alert === undefined) throw new Error('no alert');
  return alert;
}
