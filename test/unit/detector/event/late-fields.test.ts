import { ProcessTable } from '../../../../detector/enrich/process-table.ts';
import { SYSCALL_FIELD_NAMES } from '../../../../detector/enrich/readers.ts';
import type { SyscallEvent } from '../../../../detector/enrich/syscall-event.ts';
import { mayComeLate } from '../../../../detector/event/late-fields.ts';
import { eventOf } from '../enrich/events.ts';
import { CONTAINER_CGROUP, execOf, recordOf } from '../enrich/records.ts';

describe('the fields that may come late', () => {
  test('are those for which an event waits', () => {
    const ids = { uid: 1000, gid: 1000, loginuid: 1000 };
    const start = execOf({ pid: 20, ppid: 5, args: ['sh'], cgroup: CONTAINER_CGROUP, cgroupId: 42n, ids });
    const signal = recordOf({ type: 'kill', timeNs: 1_000n, ids: { pid: 30, vpid: 30 }, numbers: [20n, 15n] });
    const waits = (event: SyscallEvent, name: string): boolean => {
      event.field(name, '0');
      return event.isUndecided;
    };
    const waitedFor = [...SYSCALL_FIELD_NAMES].filter((name) => {
      const table = new ProcessTable();
      const context = { findProcess: (pid: number) => table.find(pid) };
      return waits(eventOf(start, table), name) || waits(eventOf(signal, table, context), name);
    });
    expect(waitedFor).toEqual(expect.arrayContaining(['k8s.pod.name', 'user.name', 'kd.target.ns.name']));
    expect([...SYSCALL_FIELD_NAMES].filter(mayComeLate).sort()).toEqual(waitedFor.sort());
  });
});
