import { Chalk } from 'chalk';
import { fieldsText } from '../../../../cli/render/fields.ts';
import { findFields } from '../../../../detector/index.ts';

const plain = new Chalk({ level: 0 });
const fields = findFields().fields;
const linesOf = (columns: number): readonly string[] => fieldsText(fields, plain, columns).split('\n');

describe('the list of fields in a terminal', () => {
  test('stays within the terminal', () => {
    for (const columns of [60, 80, 120, 220]) {
      expect(Math.max(...linesOf(columns).map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
  });

  test('is a table where there is room, and else paragraphs', () => {
    expect(linesOf(200).find((line) => line.includes(' proc.cwd '))).toMatch(/^✓ {2}proc\.cwd .* working directory$/);
    const narrow = linesOf(80);
    const line = narrow.indexOf('✓ proc.cwd');
    expect(narrow.slice(line + 1, line + 3)).toEqual(['    CHARBUF; syscall', '    working directory']);
  });

  test('shows type and argument, and whether a lab fills it', () => {
    const text = fieldsText(findFields({ pattern: '*env' }).fields, plain, 120);
    expect(text).toMatch(/^– {2}proc\.aenv +CHARBUF +number or name, optional +syscall {2}environment/m);
    expect(fieldsText(findFields({ pattern: 'ka.user.groups' }).fields, plain, 120)).toMatch(
      /^✓ {2}ka\.user\.groups +list of CHARBUF/m,
    );
  });

  test('says of evt.arg for which arguments, and counts what is filled', () => {
    const text = fieldsText(findFields({ pattern: 'evt.arg*' }).fields, plain, 160);
    expect(text).toContain('filled for addr, arg, arg2_int');
    expect(text).toMatch(/filled in a lab: 2 of 2 fields\n$/);
  });
});
