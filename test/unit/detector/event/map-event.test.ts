import { MapEvent } from '../../../../detector/event/map-event.ts';
import { compileFilter } from '../../../../detector/filter/index.ts';

describe('MapEvent', () => {
  test('takes number, time and type from its fields', () => {
    const event = new MapEvent({ 'evt.num': 5, 'evt.rawtime': 7n, 'evt.type': 'open' });
    expect([event.number, event.timeNs, event.type, event.source]).toEqual([5, 7n, 'open', 'syscall']);
  });

  test('fills in what is missing, and not what is there', () => {
    const defaults = { 'container.id': 'host', 'proc.name': 'x' };
    const event = new MapEvent({ 'evt.type': 'open', 'proc.name': 'sh', 'proc.pname': null }, { defaults, number: 9 });
    expect(event.number).toBe(9);
    expect(event.field('container.id')).toBe('host');
    expect(event.field('proc.name')).toBe('sh');
    expect(event.field('proc.pname')).toBeUndefined();
  });

  test.each([
    ['as a list', { 'proc.aname': ['a', 'b'] }],
    ['as a text', { 'proc.aname': 'a b' }],
    ['one by one', { 'proc.aname[1]': 'a', 'proc.aname[2]': 'b' }],
  ])('reads ancestors that are written %s', (_how, fields) => {
    expect(new MapEvent(fields).field('proc.aname')).toEqual(['a', 'b']);
  });

  test.each([
    [{ 'fd.cip': '10.0.0.1', 'fd.sip': '10.0.0.2', 'fd.lip': '10.0.0.1' }, ['10.0.0.1', '10.0.0.2']],
    [{ 'fd.type': 'ipv6', 'fd.name': ':::8080' }, ['::']],
    [{ 'fd.type': 'ipv4', 'fd.name': '1.2.3.4:5->6.7.8.9:10' }, ['1.2.3.4', '6.7.8.9']],
    [{ 'fd.type': 'file', 'fd.name': '/a:1' }, undefined],
  ])('finds the ends of %j', (fields, expected) => {
    expect(new MapEvent(fields).field('fd.ip')).toEqual(expected);
  });

  test.each([
    ['evt.buffer bcontains cafebabe', true],
    ['evt.buffer contains ELF', true],
    ['evt.buffer contains .ELF', true],
    ['evt.buffer contains aELF', false],
    ['evt.buffer bstartswith 7f', true],
    ['evt.buffer bstartswith 61', false],
    ['evt.buffer = abc', false],
  ])('takes a dot of a recorded buffer for a byte that cannot be printed: %s is %s', (condition, expected) => {
    const filter = compileFilter(condition);
    expect(filter.ok && filter.matches(new MapEvent({ 'evt.type': 'read', 'evt.buffer': '.ELF.....' }))).toBe(expected);
  });
});
