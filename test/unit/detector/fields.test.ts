import { findFields } from '../../../detector/fields.ts';

const names = (pattern?: string, source?: 'syscall' | 'k8s_audit'): readonly string[] =>
  findFields({
    ...(pattern === undefined ? {} : { pattern }),
    ...(source === undefined ? {} : { source }),
  }).fields.map(({ name }) => name);

describe('the list of fields', () => {
  test('finds by a part of the name, by a glob, and by a field as a condition has it', () => {
    expect(names('loginn')).toEqual(['user.loginname']);
    expect(names('ka.req.*.host_?id')).toEqual(['ka.req.pod.host_pid']);
    expect(names('proc.aname[2]')).toEqual(['proc.aname']);
    expect(names('evt.arg.flags')).toEqual(['evt.arg']);
  });

  test('has the fields of one source together with those of every event', () => {
    const audit = names(undefined, 'k8s_audit');
    expect(audit).toContain('ka.verb');
    expect(audit).toContain('evt.num');
    expect(audit).not.toContain('proc.name');
    expect(names()).toEqual(expect.arrayContaining([...audit, 'proc.name']));
  });

  test('says of a field all that a rule has to know of it', () => {
    expect(findFields({ pattern: 'ka.req.role.rules.verbs' }).fields).toEqual([
      {
        name: 'ka.req.role.rules.verbs',
        type: 'CHARBUF',
        isList: true,
        argument: 'optional',
        argumentKind: 'index',
        sources: ['k8s_audit'],
        isProvided: true,
        isDeprecated: false,
        description: 'verbs of the rules of a role',
      },
    ]);
  });

  test('says which fields a lab fills, and of evt.arg which arguments', () => {
    const [env] = findFields({ pattern: 'proc.aenv' }).fields;
    expect(env).toMatchObject({ argument: 'optional', isProvided: false });
    const argument = findFields({ pattern: 'evt.arg' }).fields.find(({ name }) => name === 'evt.arg');
    expect(argument?.providedArguments).toContain('flags');
    expect(argument?.providedArguments).not.toContain('queuepct');
  });

  test.each([
    ['proc.nmae', undefined, /is called like proc\.nmae: the nearest: proc\.name/],
    ['ka.verb', 'syscall' as const, /no field of syscall events is called like ka\.verb/],
    ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', undefined, /no name is near it/],
    ['proc.name[1]', undefined, /is called like proc\.name\[1\]/],
  ])('refuses %s of %s, as no field fits', (pattern, source, message) => {
    expect(() => names(pattern, source)).toThrow(message);
  });
});
