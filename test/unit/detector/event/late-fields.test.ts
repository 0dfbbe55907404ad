import { SYSCALL_FIELD_NAMES } from '../../../../detector/enrich/syscall-event.ts';
import { mayComeLate } from '../../../../detector/event/late-fields.ts';
import { eventOf } from '../enrich/events.ts';
import { CONTAINER_CGROUP, execOf } from '../enrich/records.ts';

describe('the fields that may come late', () => {
  test('are those for which an event waits', () => {
    const waitedFor = [...SYSCALL_FIELD_NAMES].filter((name) => {
      const ids = { uid: 1000, gid: 1000, loginuid: 1000 };
      const event = eventOf(execOf({ pid: 20, ppid: 5, args: ['sh'], cgroup: CONTAINER_CGROUP, cgroupId: 42n, ids }));
      event.field(name, '0');
      return event.isUndecided;
    });
    expect(waitedFor).toEqual(expect.arrayContaining(['k8s.pod.name', 'user.name']));
    expect([...SYSCALL_FIELD_NAMES].filter(mayComeLate).sort()).toEqual(waitedFor.sort());
  });
});
