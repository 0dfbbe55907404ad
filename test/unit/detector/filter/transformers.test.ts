import { MapEvent } from '../../../../detector/event/map-event.ts';
import { compileFilter } from '../../../../detector/filter/index.ts';
import { readOptions } from '../../../../detector/filter/getopt.ts';

const EVENT = new MapEvent({
  'evt.type': 'execve',
  'evt.num': 3,
  'proc.name': 'Grün',
  'proc.exepath': '/usr/bin/nc',
  'proc.exe': '/usr/bin/',
  'proc.args': '-l -p 8080 -e /bin/sh host',
  'proc.cmdline': 'aGVsbG8=',
  'proc.pname': '!!!',
  'fd.types': ['file', 'PIPE'],
});

describe('transformers', () => {
  test.each([
    ['tolower(proc.name) = grün', true],
    ['toupper(proc.name) = GRüN', true],
    ['basename(proc.exepath) = nc', true],
    ['basename(proc.exe) = ""', true],
    ['b64(proc.cmdline) = hello', true],
    ['b64(proc.pname) exists', false],
    ['len(proc.name) = 5', true],
    ['len(fd.types) = 2', true],
    ['toupper(basename(proc.exepath)) = NC', true],
    ['tolower(fd.types) intersects (pipe)', true],
    ['join("-", (proc.exepath, evt.num, "x")) = "/usr/bin/nc-3-x"', true],
    ['join(",", ()) = ""', true],
    ['concat(proc.exepath, ":", evt.num) = "/usr/bin/nc:3"', true],
    ['concat(proc.exepath, fd.name) exists', false],
    ['getopt(proc.args, "lp:e:") intersects (e)', true],
    ['getopt(proc.args, "lp:e:")[e] = /bin/sh', true],
    ['getopt(proc.args, "lp:e:")[p] = 8080', true],
    ['getopt(proc.args, "lp:")[e] exists', false],
    ['proc.exepath endswith val(proc.name)', false],
    ['proc.exepath startswith val(proc.exe)', true],
  ])('%s is %s', (condition, expected) => {
    const filter = compileFilter(condition);
    expect(filter.ok && filter.matches(EVENT)).toBe(expected);
  });
});

describe('readOptions', () => {
  test.each([
    [['-nt', 'x'], 'nt:', ['n', 't', 'x']],
    [['-tx'], 't:', ['t', 'x']],
    [['-n', 'file', '-t'], 'nt', ['n']],
    [['-n', '--', '-t'], 'nt', ['n']],
    [['--long', '-n'], 'n', ['n']],
    [['-x'], 'n', ['?']],
    [['-t'], 't:', ['']],
    [['-'], 'n', []],
    [[], 'n', []],
  ])('of %j with %j finds %j', (words, optionString, expected) => {
    expect(readOptions(words, optionString).words).toEqual(expected);
  });

  test('gives the last value of a letter that is used twice', () => {
    expect(readOptions(['-t', 'a', '-t', 'b'], 't:').values.get('t')).toBe('b');
  });
});
