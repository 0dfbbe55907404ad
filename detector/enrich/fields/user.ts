import type { FieldReader } from '../syscall-event.ts';

const NO_LOGIN = 0xffffffff;
/** What Falco shows for a process that nobody logged in for; a text, not a missing value. */
const NOT_AVAILABLE = '<NA>';

/** As whom. */
export const USER_FIELDS: Readonly<Record<string, FieldReader>> = {
  'user.uid': ({ record }) => record.id('uid'),
  'user.name': (event) => event.account('users', event.record.id('uid')),
  'user.loginuid': ({ record }) => (record.id('loginuid') === NO_LOGIN ? -1 : record.id('loginuid')),
  'user.loginname': (event) => {
    const uid = event.record.id('loginuid');
    return uid === NO_LOGIN ? NOT_AVAILABLE : event.account('users', uid);
  },
  'group.gid': ({ record }) => record.id('gid'),
  'group.name': (event) => event.account('groups', event.record.id('gid')),
};
