import { loadRulesFrom } from '../../../../detector/recording/load-rules.ts';
import { openFilterFor } from '../../../../detector/prefilter/open-filter.ts';
import { filterOf, filterOfCondition, OpenFlag, passes, type Open } from '../../../support/open-filter.ts';

const { readOnly, writeOnly, readWrite, create, truncate, directory, temporary } = OpenFlag;

const read = (path: string): Open => ({ path, flags: readOnly });
const write = (path: string): Open => ({ path, flags: writeOnly });

/** Which of the paths make a record when they are read. */
function readable(condition: string, paths: readonly string[]): readonly string[] {
  const filter = filterOfCondition(condition);
  return paths.filter((path) => passes(filter, read(path)));
}

describe('the paths of opens that make a record', () => {
  test.each([
    ['fd.name = /etc/shadow', ['/etc/shadow'], ['/etc/shado', '/etc/shadow-', '/x/etc/shadow']],
    ['fd.name in (/a/b, /a/c)', ['/a/b', '/a/c'], ['/a', '/a/d', '/a/bb']],
    ['fd.name startswith /etc/', ['/etc/x', '/etc/x/y'], ['/etc', '/x/etc/y']],
    ['fd.name endswith .conf', ['/a.conf', '/b/c.conf'], ['/a.conf.d', '/conf']],
    ['fd.name contains /.ssh/', ['/root/.ssh/id', '/.ssh/x'], ['/root/.ssh', '/root/ssh/x']],
    ['fd.name glob /proc/*/environ', ['/proc/1/environ'], ['/proc/1/status', '/proc/1/environs']],
    ['fd.name pmatch (/etc/apt)', ['/etc/apt', '/etc/apt/x'], ['/etc/aptx', '/etc']],
    ['fd.directory = /etc', ['/etc/passwd'], ['/etc/a/b', '/etc', '/x/etc/y']],
    ['fd.directory = /', ['/x'], ['/x/y']],
    ['fd.filename = .bashrc', ['/root/.bashrc', '/.bashrc'], ['/root/x.bashrc', '/.bashrc/x']],
    ['fd.filename startswith id_', ['/root/id_rsa'], ['/id_x/y', '/root/xid_']],
    ['fd.name = anyof (/a/b, /c)', ['/a/b', '/c'], ['/a']],
    ['fd.nameraw startswith /srv and fd.name contains secret', ['/a/secret'], ['/srv/x', '/x']],
    ['not (fd.name startswith /usr or fd.name startswith /lib)', ['/etc/x'], ['/usr/x', '/lib64/x']],
    ['not fd.name startswith /usr and fd.name endswith .so', ['/usr/x.so', '/x.so'], ['/x']],
    ['(fd.name = /a/b or fd.filename = z)', ['/a/b', '/q/z'], ['/a/c']],
    ['fd.name = /a/b and proc.name = cat', ['/a/b'], ['/a/c']],
  ])('evt.type = openat and %s', (condition, wanted, unwanted) => {
    expect(readable(`evt.type = openat and ${condition}`, [...wanted, ...unwanted])).toEqual(wanted);
  });

  test.each([
    ['proc.name = cat'],
    ['fd.name regex /etc/.*'],
    ['tolower(fd.name) = /etc/x'],
    ['fd.name icontains x'],
    ['fd.name = "/usr/ä"'],
    ['fd.name startswith ""'],
    ['(fd.name = /a or proc.name = cat)'],
    ['not fd.directory = /usr'],
    ['not fd.filename = a/b'],
  ])('are all where a rule asks for %s', (condition) => {
    expect(readable(`evt.type = openat and ${condition}`, ['/usr/b', '/a/b'])).toEqual(['/usr/b', '/a/b']);
  });

  test('are all those that rules see only after they are tidied up', () => {
    const tidiedUp = [
      'etc/shadow',
      '../x',
      '',
      '//etc/shadow',
      '/etc/./x',
      '/a/../etc/x',
      '/etc/',
      '/etc/.',
      '/etc/..',
    ];
    expect(readable('evt.type = openat and fd.name = /etc/shadow', tidiedUp)).toEqual(tidiedUp);
    expect(readable('evt.type = openat and not fd.name startswith /', tidiedUp)).toEqual(tidiedUp);
  });

  test('are all those that are longer than the kernel reads', () => {
    const paths = ['/'.padEnd(255, 'x'), '/'.padEnd(256, 'x')];
    expect(readable('evt.type = openat and fd.name = /etc/shadow', paths)).toEqual(paths.slice(1));
  });
});

describe('the kinds of opens that make a record', () => {
  const opens: Readonly<Record<string, Open>> = {
    read: read('/x'),
    write: write('/x'),
    both: { path: '/x', flags: readWrite },
    create: { path: '/x', flags: writeOnly | create, mode: 0o644 },
    executable: { path: '/x', flags: writeOnly | create, mode: 0o755 },
    'no new file': { path: '/x', flags: writeOnly, mode: 0o755 },
    truncate: { path: '/x', flags: writeOnly | truncate },
    directory: { path: '/x', flags: readOnly | directory },
    temporary: { path: '/x', flags: readWrite | temporary },
    failed: { path: '/x', flags: readOnly, result: -2 },
  };

  test.each([
    ['evt.is_open_write = true', ['write', 'both', 'create', 'executable', 'no new file', 'truncate', 'temporary']],
    ['evt.is_open_read = false', ['write', 'create', 'executable', 'no new file', 'truncate']],
    ['evt.is_open_create = true', ['create', 'executable', 'temporary']],
    ['evt.is_open_exec = true', ['executable']],
    ['evt.failed = true', ['failed']],
    ['fd.num < 0', ['failed']],
    ['fd.typechar = d', ['directory']],
    ['fd.typechar = f and fd.num >= 0 and evt.is_open_write != true', ['read']],
    ['evt.arg.flags contains O_TRUNC', ['truncate']],
    ['evt.arg.flags contains O_CREAT', ['create', 'executable', 'temporary']],
    [
      'not (evt.is_open_read = true or evt.arg.flags contains O_TRUNC)',
      ['write', 'create', 'executable', 'no new file'],
    ],
    ['evt.is_open_write = true and evt.is_open_write = false', []],
    ['evt.is_open_exec = true and fd.name = /y', []],
  ])('evt.type = openat and %s', (condition, expected) => {
    const filter = filterOfCondition(`evt.type = openat and ${condition}`);
    const found = Object.keys(opens).filter((name) => opens[name] !== undefined && passes(filter, opens[name]));
    expect(found).toEqual(expected);
  });

  test('have each the paths that their rules ask for', () => {
    const filter = filterOf(
      [
        ['Read', 'evt.is_open_read = true and fd.name = /secret'],
        ['Write', 'evt.is_open_write = true and fd.directory = /bin'],
        ['Anything', 'evt.failed = true'],
      ]
        .map(
          ([rule, condition]) =>
            `- rule: ${rule ?? ''}\n  desc: D\n  output: O\n  priority: INFO\n  condition: evt.type = openat and ${condition ?? ''}\n`,
        )
        .join(''),
    );
    const seen = [read('/secret'), write('/secret'), read('/bin/x'), write('/bin/x'), { ...read('/x'), result: -13 }];
    expect(seen.map((open) => passes(filter, open))).toEqual([true, false, false, true, true]);
  });
});

describe('rules', () => {
  test('that are not about opens, or are off, let none of them make a record', () => {
    const rule = (more: string): string => `- rule: R\n  desc: D\n  output: O\n  priority: INFO\n${more}`;
    expect(passes(filterOf(rule('  condition: evt.type = connect\n')), read('/x'))).toBe(false);
    expect(passes(filterOf(rule('  condition: evt.type = open\n  enabled: false\n')), read('/x'))).toBe(false);
    expect(passes(filterOf(rule('  condition: evt.type = open\n')), read('/x'))).toBe(true);
    expect(passes(filterOf(rule('  condition: proc.name = x\n')), read('/x'))).toBe(true);
  });

  test('of more kinds than there are groups only let more pass', () => {
    const kinds = ['evt.is_open_read', 'evt.is_open_write', 'evt.is_open_exec', 'evt.failed'];
    const facts = [...kinds.map((field) => `${field} = true`), 'fd.typechar = d', 'evt.arg.flags contains O_TRUNC'];
    const rules = Array.from({ length: 64 }, (_, n) => {
      const signs = facts.map((fact, bit) => ((n >> bit) & 1 ? fact : `not ${fact}`)).join(' and ');
      return `- rule: R${String(n)}\n  desc: D\n  output: O\n  priority: INFO\n  condition: evt.type = open and ${signs} and fd.name = /f${String(n)}\n`;
    });
    const filter = filterOf(rules.join(''));
    expect(passes(filter, { path: '/f1', flags: readOnly })).toBe(true);
    expect(passes(filter, { path: '/f2', flags: writeOnly })).toBe(true);
    expect(passes(filter, { path: '/f8', flags: writeOnly, result: -2 })).toBe(false);
    expect(passes(filter, { path: '/f99', flags: writeOnly })).toBe(false);
  });

  test('that would need a table larger than the kernel holds are left to the engine', () => {
    const paths = Array.from({ length: 5_000 }, (_, n) => `/${String(n * 7919).padStart(12, '0')}/${String(n)}`);
    const condition = `evt.type = open and fd.name in (${paths.join(', ')})`;
    expect(() => filterOfCondition(condition)).toThrow('no filter is that large');
  });

  test('that are ours keep back what programs open all day', async () => {
    const { rules } = await loadRulesFrom(undefined);
    const filter = openFilterFor(rules);
    const daily = ['/usr/lib/os-release', '/etc/ld.so.cache', '/lib/x86_64-linux-gnu/libc.so.6', '/proc/self/maps'];
    expect(daily.filter((path) => filter === undefined || passes(filter, read(path)))).toEqual([]);
    expect(filter && passes(filter, read('/etc/shadow'))).toBe(true);
  });
});
