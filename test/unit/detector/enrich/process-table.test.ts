import fc from 'fast-check';
import { ProcessTable } from '../../../../detector/enrich/process-table.ts';
import { CONTAINER_CGROUP, CONTAINER_ID, execOf, exitOf, forkOf, openOf, POD_UID, recordOf } from './records.ts';

function names(table: ProcessTable, pid: number): readonly string[] {
  const found: string[] = [];
  for (let next = table.get(pid); next !== undefined; next = next.parent) found.push(next.image.name);
  return found;
}

/** 1 init → 10 sshd → 20 bash. */
function tableWithShell(): ProcessTable {
  const table = new ProcessTable();
  table.apply(execOf({ pid: 1, ppid: 0, args: ['init'] }));
  table.apply(execOf({ pid: 10, ppid: 1, args: ['sshd', '-D'] }));
  table.apply(forkOf(20, 10));
  table.apply(execOf({ pid: 20, ppid: 10, args: ['bash', '-l'] }));
  return table;
}

describe('ProcessTable', () => {
  test('knows what a process runs and who its ancestors are', () => {
    const table = tableWithShell();
    expect(table.get(20)?.image).toMatchObject({ name: 'bash', exe: 'bash', args: ['-l'], exePath: '/usr/bin/bash' });
    expect(names(table, 20)).toEqual(['bash', 'sshd', 'init']);
  });

  test('lets a child run what its parent does until it execs', () => {
    const table = tableWithShell();
    const child = table.apply(forkOf(30, 20, { comm: 'bash' }));
    expect(child.image).toMatchObject({ name: 'bash', args: ['-l'], exePath: '/usr/bin/bash' });
  });

  test('still knows what has just ended, as a signal may be told after its effect', () => {
    const table = tableWithShell();
    table.apply(exitOf(20));
    const found = [20, 10, 99].map((pid) => table.find(pid)?.image.name);
    expect([table.get(20), ...found]).toEqual([undefined, 'bash', 'sshd', undefined]);
  });

  test('forgets what ended long ago', () => {
    const table = tableWithShell();
    table.apply(exitOf(20));
    for (let pid = 1_000; pid < 1_300; pid++) table.apply(exitOf(pid, { comm: 'sleep' }));
    expect([table.find(20), table.find(1_299)?.image.name]).toEqual([undefined, 'sleep']);
  });

  test('an event keeps what its process ran when it happened', () => {
    const table = tableWithShell();
    const { image } = table.apply(openOf(20, '/etc/hosts', { ids: { pid: 20, ppid: 10 } }));
    table.apply(execOf({ pid: 20, ppid: 10, args: ['vi'] }));
    expect(image.name).toBe('bash');
    expect(table.get(20)?.image.name).toBe('vi');
  });

  test('gives the children of a process that ended to its nearest living ancestor', () => {
    const table = tableWithShell();
    table.apply(exitOf(10, { ids: { pid: 10, ppid: 1 } }));
    expect(names(table, 20)).toEqual(['bash', 'init']);
    expect(table.get(10)).toBeUndefined();
  });

  test('a child that still names a parent that has ended belongs to the nearest living ancestor', () => {
    const table = tableWithShell();
    table.apply(exitOf(10, { ids: { pid: 10, ppid: 1 } }));
    table.apply(execOf({ pid: 20, ppid: 10, args: ['id'], parentName: 'sshd' }));
    expect(names(table, 20)).toEqual(['id', 'init']);
  });

  test('a parent outside of the node is no parent', () => {
    const table = tableWithShell();
    table.apply(execOf({ pid: 20, ppid: 0, args: ['id'] }));
    expect(names(table, 20)).toEqual(['id']);
  });

  test('believes the kernel on where a process has been put since', () => {
    const table = tableWithShell();
    table.apply(execOf({ pid: 5, ppid: 1, args: ['reaper'] }));
    table.apply(openOf(20, '/x', { ids: { pid: 20, ppid: 5 } }));
    expect(names(table, 20)).toEqual(['bash', 'reaper', 'init']);
  });

  test('answers an exit with the process as it last was', () => {
    const table = tableWithShell();
    const ended = table.apply(exitOf(20, { ids: { pid: 20, ppid: 10 } }));
    expect(ended.image.name).toBe('bash');
    expect(ended.parent?.image.name).toBe('sshd');
    expect(table.get(20)).toBeUndefined();
  });

  test('takes a number that was given to another process for another process', () => {
    const table = tableWithShell();
    table.apply(openOf(20, '/x', { startNs: 999n, comm: 'other', ids: { pid: 20, ppid: 1 } }));
    expect(table.get(20)?.image).toEqual({ name: 'other' });
    expect(table.unknown).toBe(1);
  });

  test('a failed exec changes nothing', () => {
    const table = tableWithShell();
    table.apply(
      recordOf({
        type: 'execve',
        result: -2,
        startNs: 200n,
        comm: 'bash',
        ids: { pid: 20, ppid: 10 },
        strings: ['', '/no'],
      }),
    );
    expect(table.get(20)?.image.args).toEqual(['-l']);
  });

  test('renames a parent whose name the kernel tells anew', () => {
    const table = tableWithShell();
    table.apply(execOf({ pid: 21, ppid: 10, args: ['id'], parentName: 'sshd: root' }));
    expect(names(table, 21)).toEqual(['id', 'sshd: root', 'init']);
    expect(table.get(10)?.image.args).toEqual(['-D']);
  });

  describe('containers', () => {
    test('a process is in the container that its cgroup names', () => {
      const table = new ProcessTable();
      table.apply(execOf({ pid: 7, args: ['nginx'], cgroup: CONTAINER_CGROUP, cgroupId: 42n }));
      expect(table.get(7)?.container).toEqual({ id: CONTAINER_ID, podUid: POD_UID });
    });

    test('a cgroup that was seen once is known by its number', () => {
      const table = new ProcessTable();
      table.apply(execOf({ pid: 7, args: ['nginx'], cgroup: CONTAINER_CGROUP, cgroupId: 42n }));
      expect(table.apply(openOf(9, '/x', { cgroupId: 42n })).container?.id).toBe(CONTAINER_ID);
    });

    test('a process that was moved out of its container is on the host', () => {
      const table = new ProcessTable();
      table.apply(execOf({ pid: 1, args: ['init'], cgroupId: 1n }));
      table.apply(execOf({ pid: 7, args: ['nginx'], cgroup: CONTAINER_CGROUP, cgroupId: 42n }));
      expect(table.apply(openOf(7, '/x', { cgroupId: 1n })).container).toBeUndefined();
    });

    test('a cgroup that nothing is known of leaves the process where it was', () => {
      const table = new ProcessTable();
      table.apply(execOf({ pid: 7, args: ['nginx'], cgroup: CONTAINER_CGROUP, cgroupId: 42n }));
      expect(table.apply(openOf(7, '/x', { cgroupId: 99n })).container?.id).toBe(CONTAINER_ID);
    });
  });

  describe('a snapshot', () => {
    test('brings in processes that were there before, and forgets those whose end was missed', () => {
      const table = tableWithShell();
      table.beginSnapshot(10_000n);
      table.applyExisting(execOf({ pid: 1, ppid: 0, args: ['init'] }));
      table.applyExisting(execOf({ pid: 33, ppid: 1, args: ['kubelet'] }));
      table.endSnapshot();
      expect([1, 10, 20, 33].filter((pid) => table.get(pid) !== undefined)).toEqual([1, 33]);
    });

    test('forgets parents that were known by name only, and are not in it', () => {
      const table = new ProcessTable();
      table.apply(execOf({ pid: 20, ppid: 10, args: ['iptables'], parentName: 'portmap' }));
      expect(names(table, 20)).toEqual(['iptables', 'portmap']);
      table.beginSnapshot(1_000n);
      table.applyExisting(execOf({ pid: 20, ppid: 10, args: ['iptables'] }));
      table.endSnapshot();
      expect(table.get(10)).toBeUndefined();
      expect(names(table, 20)).toEqual(['iptables']);
    });

    test('tells more of a parent that was known by name only', () => {
      const table = new ProcessTable();
      table.apply(execOf({ pid: 20, ppid: 10, args: ['iptables'], parentName: 'portmap' }));
      table.apply(execOf({ pid: 10, ppid: 1, args: ['portmap', 'add'] }));
      table.apply(openOf(20, '/etc/hosts', { startNs: 200n, ids: { pid: 20, ppid: 10 } }));
      expect(table.get(20)?.parent?.image.args).toEqual(['add']);
    });

    test('keeps processes that began while it was taken', () => {
      const table = new ProcessTable();
      table.beginSnapshot(10_000n);
      table.apply(execOf({ pid: 44, args: ['late'], startNs: 10_001n }));
      table.endSnapshot();
      expect(table.get(44)?.image.name).toBe('late');
    });

    test('tells of kernel threads by name only', () => {
      const table = new ProcessTable();
      table.beginSnapshot(0n);
      table.applyExisting(execOf({ pid: 2, args: [], comm: 'kthreadd', numbers: [] }));
      expect(table.get(2)?.image).toEqual({ name: 'kthreadd' });
    });
  });

  test('holds no process twice, whatever comes in whatever order', () => {
    const pid = fc.integer({ min: 1, max: 6 });
    const step = fc.oneof(
      fc.record({ what: fc.constant('exec'), pid, ppid: pid, start: fc.integer({ min: 1, max: 2 }) }),
      fc.record({ what: fc.constant('fork'), pid, ppid: pid, start: fc.integer({ min: 1, max: 2 }) }),
      fc.record({ what: fc.constant('exit'), pid, ppid: pid, start: fc.integer({ min: 1, max: 2 }) }),
      fc.record({ what: fc.constant('open'), pid, ppid: pid, start: fc.integer({ min: 1, max: 2 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const table = new ProcessTable();
        for (const { what, start, ...ids } of steps) {
          const more = { startNs: BigInt(start), ids };
          if (what === 'exec') table.apply(execOf({ ...ids, args: ['x'], startNs: BigInt(start) }));
          else if (what === 'fork') table.apply(forkOf(ids.pid, ids.ppid, more));
          else if (what === 'exit') table.apply(exitOf(ids.pid, more));
          else table.apply(openOf(ids.pid, '/x', more));
        }
        expect(table.size).toBeLessThanOrEqual(6);
        for (let one = 1; one <= 6; one++) {
          const process = table.get(one);
          if (process !== undefined) expect(process.pid).toBe(one);
        }
      }),
    );
  });
});
