import { EVENT_TYPES } from '../../../../detector/event/event-types.ts';
import { createFieldTable } from '../../../../detector/event/field-table.ts';
import { FIELDS } from '../../../../detector/event/fields.ts';
import { PROVIDED } from '../../../../detector/enrich/provided.ts';

const TABLE = createFieldTable();

describe('the field table', () => {
  test('has every field once, each with a description', () => {
    expect(new Set(FIELDS.map(({ name }) => name)).size).toBe(FIELDS.length);
    expect(FIELDS.filter(({ description }) => description === '')).toEqual([]);
  });

  test('knows every field and event that the sensor provides', () => {
    const names = new Set(FIELDS.map(({ name }) => name));
    expect([...PROVIDED.fields].filter((name) => !names.has(name))).toEqual([]);
    expect([...PROVIDED.eventTypes].filter((type) => !EVENT_TYPES.has(type))).toEqual([]);
  });

  test.each([
    ['proc.name', undefined, 'proc.name', undefined, 'CHARBUF'],
    ['proc.aname', '2', 'proc.aname', '2', 'CHARBUF'],
    ['evt.arg.flags', undefined, 'evt.arg', 'flags', 'CHARBUF'],
    ['evt.arg', '0', 'evt.arg', '0', 'CHARBUF'],
    ['evt.rawarg.res', undefined, 'evt.rawarg', 'res', 'ERRNO'],
    ['evt.type.is.open', undefined, 'evt.type.is', 'open', 'UINT32'],
    ['container.label.app', undefined, 'container.label', 'app', 'CHARBUF'],
    ['jevt.value', '/a/b', 'jevt.value', '/a/b', 'CHARBUF'],
  ])('reads %s[%s] as the field %s with argument %s', (name, argument, field, expected, type) => {
    const lookup = TABLE.resolve(name, argument);
    expect(lookup.ok && [lookup.field.info.name, lookup.field.argument, lookup.field.type]).toEqual([
      field,
      expected,
      type,
    ]);
  });

  test.each([
    ['proc', undefined],
    ['proc.nome', undefined],
    ['proc.name.x', undefined],
    ['proc.name', '1'],
    ['evt.arg', undefined],
    ['evt.rawarg.nothing', undefined],
    ['proc.aname', 'x'],
  ])('does not know %s[%s]', (name, argument) => {
    expect(TABLE.resolve(name, argument).ok).toBe(false);
  });
});
