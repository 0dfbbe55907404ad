import { createFieldTable } from '../../../../detector/event/field-table.ts';
import { checkExpression, parseCondition } from '../../../../detector/filter/index.ts';

const TABLE = createFieldTable();

describe('checkExpression', () => {
  test.each([
    ['proc.nome = x', 'nonexistent field proc.nome'],
    ['proc.name[1] = x', 'does not take an argument'],
    ['proc.aname[x] = y', 'needs a number'],
    ['evt.arg = x', 'requires an argument'],
    ['evt.arg.nothing = x', 'unknown event argument nothing'],
    ['evt.type = opn', 'unknown event type opn'],
    ['proc.pid = x', 'x is not a valid number'],
    ['proc.pid < 0x10', '0x10 is not a valid number'],
    ['thread.cpu = 1.5', '1.5 is not a valid number'],
    ['evt.is_open_read = yes', 'unrecognized boolean value yes'],
    ['fd.sip = localhost', 'unrecognized IP address'],
    ['fd.sip = 1:2:3', 'unrecognized IP address'],
    ['fd.sip = 1::2::3', 'unrecognized IP address'],
    ['fd.sip = 1:2:3:4:5:6:7:8:9', 'unrecognized IP address'],
    ['fd.sip = 256.0.0.1', 'unrecognized IP address'],
    ['fd.snet = 10.0.0.0', 'unrecognized IP network'],
    ['fd.snet = 10.0.0.0/33', 'unrecognized IP network'],
    ['fd.sport = gibberish', 'unrecognized protocol'],
    ['proc.pid contains 1', "'contains' operator not supported for numeric filters"],
    ['evt.is_open_read < 1', "'<' operator not supported for boolean filters"],
    ['evt.buffer glob x', "'glob' operator not supported for buffer filters"],
    ['proc.name bcontains ab', "'bcontains' operator not supported for string filters"],
    ['evt.buffer bcontains xyz', 'unrecognized byte sequence'],
    ['fd.types = file', "'=' operator not supported for list filters"],
    ['proc.name regex "a("', 'missing closing )'],
    ['proc.name regex "\\\\d"', 'invalid escape sequence'],
    ['proc.name pmatch val(fd.name)', 'does not support right-hand side fields'],
    ['proc.aname = val(proc.name)', "field 'proc.aname' doesn't support right-hand side fields"],
    ['proc.name = val(proc.aname[1])', "field 'proc.aname' can't be used as a right-hand side field"],
    ['tolower(proc.aname) = x', "field 'proc.aname' does not support transformers"],
    ['proc.pid = val(proc.name)', 'incompatible type'],
    ['toupper(proc.pid) = x', "can't add transformer 'toupper'"],
    ['toupper(proc.name)[1] = x', "transformer 'toupper' does not support field arguments"],
    ['join("-") = x', "transformer 'join' needs 2 arguments, not 1"],
    ['concat("a") = x', 'needs at least 2 arguments'],
    ['len(proc.pid) = 1', "can't add transformer 'len'"],
    ['somewhere', "Undefined macro 'somewhere'"],
  ])('finds what is wrong with %s', (condition, message) => {
    expect(problemsOf(condition).join()).toContain(message);
  });

  test('finds all problems of a condition', () => {
    expect(problemsOf('proc.nome = x and (proc.pid = y or not evt.type = z)')).toHaveLength(3);
  });

  test.each([
    ['proc.name = proc.pname', 'may be a valid field'],
    ["proc.name = 'tolower(proc.pname)'", 'may be a valid field transformer'],
    ['proc.name regex ^bash$', "faster operator '='"],
    ['proc.name regex .*sh', "faster operator 'endswith'"],
    ['proc.name regex "ba.*"', "faster operator 'startswith'"],
    ['proc.name regex .*a.*', "faster operator 'contains'"],
  ])('warns of %s', (condition, message) => {
    expect(warningsOf(condition).join()).toContain(message);
  });

  test.each(['proc.name regex "b[ao]sh"', 'proc.name = a.b.c', 'proc.name = tolower'])(
    'does not warn of %s',
    (condition) => {
      expect(warningsOf(condition)).toEqual([]);
    },
  );

  test('lists the fields of a condition, those inside transformers too', () => {
    const names = check('tolower(proc.name) = val(fd.name) or evt.arg.flags exists').fields.map(
      ({ info, argument }) => [info.name, argument] as const,
    );
    expect(names).toEqual([
      ['proc.name', undefined],
      ['fd.name', undefined],
      ['evt.arg', 'flags'],
    ]);
  });
});

function check(condition: string) {
  const parsed = parseCondition(condition);
  if (!parsed.ok) throw new Error(parsed.message);
  return checkExpression(parsed.expression, TABLE);
}

function problemsOf(condition: string): readonly string[] {
  return check(condition).problems.map(({ message }) => message);
}

function warningsOf(condition: string): readonly string[] {
  return check(condition).warnings.map(({ message }) => message);
}
