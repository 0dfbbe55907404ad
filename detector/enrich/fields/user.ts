import type { FieldReader, SyscallEvent } from '../syscall-event.ts';

const NO_LOGIN = 0xffffffff;
/** What Falco shows for a process that nobody logged in for; a text, not a missing value. */
const NOT_AVAILABLE = '<NA>';

/** As whom. */
export const USER_FIELDS: Readonly<Record<string, FieldReader>> = {
  'user.uid': ({ record }) => record.id('uid'),
  'user.name': (event) => accountName(event, 'users', event.record.id('uid')),
  'user.loginuid': ({ record }) => (record.id('loginuid') === NO_LOGIN ? -1 : record.id('loginuid')),
  'user.loginname': (event) => {
    const uid = event.record.id('loginuid');
    return uid === NO_LOGIN ? NOT_AVAILABLE : accountName(event, 'users', uid);
  },
  'group.gid': ({ record }) => record.id('gid'),
  'group.name': (event) => accountName(event, 'groups', event.record.id('gid')),
};

/** The name of a user as the event's process sees it. */
export function userName(event: SyscallEvent, uid: number): string | undefined {
  return accountName(event, 'users', uid);
}

/** A container has accounts of its own, which are not known here; 0 is root in all of them. */
function accountName(event: SyscallEvent, kind: 'users' | 'groups', id: number): string | undefined {
  if (event.process.container === undefined) return event.context[kind].get(id);
  return id === 0 ? 'root' : undefined;
}
