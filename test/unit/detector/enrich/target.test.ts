import { PodIndex } from '../../../../detector/enrich/pod-index.ts';
import { ProcessTable } from '../../../../detector/enrich/process-table.ts';
import type { SyscallContext, SyscallEvent } from '../../../../detector/enrich/syscall-event.ts';
import type { RecordParts } from '../../../../detector/source/record.ts';
import { ask, eventOf } from './events.ts';
import { podObject } from './pod-objects.ts';
import { CONTAINER_CGROUP, CONTAINER_ID, execOf, exitOf, recordOf } from './records.ts';

const ENGINE = 42;
const SHELL = 20;
const FIELDS = ['name', 'container.id', 'pod.name', 'ns.name'].map((part) => `kd.target.${part}`);

/** A node with an engine in a pod and a shell outside, which makes a call. */
function stage() {
  const table = new ProcessTable();
  const pods = new PodIndex();
  table.apply(execOf({ pid: ENGINE, args: ['node', 'detector'], cgroup: CONTAINER_CGROUP, cgroupId: 42n }));
  table.apply(execOf({ pid: SHELL, args: ['bash'] }));
  const context: Partial<SyscallContext> = { pods, findProcess: (pid) => table.find(pid) };
  const call = (type: RecordParts['type'], numbers: readonly bigint[], ids: RecordParts['ids'] = {}): SyscallEvent =>
    eventOf(
      recordOf({
        ...{ type, timeNs: 2_000n, startNs: 200n, cgroupId: 1n, comm: 'bash' },
        numbers: numbers.map((number) => BigInt.asUintN(64, number)),
        ids: { pid: SHELL, tid: SHELL, vpid: SHELL, vtid: SHELL, pgid: SHELL, ...ids },
      }),
      table,
      context,
    );
  return { table, pods, call, pidOf: (event: SyscallEvent) => event.field('kd.target.pid') };
}

describe('the target of a call', () => {
  test('is named with its program, container, pod and namespace', () => {
    const { pods, call } = stage();
    pods.set(podObject());
    expect(ask(call('kill', [42n, 15n]), ['kd.target.pid', 'kd.target.cmdline', ...FIELDS])).toEqual({
      'kd.target.pid': ENGINE,
      'kd.target.name': 'node',
      'kd.target.cmdline': 'node detector',
      'kd.target.container.id': CONTAINER_ID.slice(0, 12),
      'kd.target.pod.name': 'web-0',
      'kd.target.ns.name': 'shop',
    });
  });

  test.each<[string, RecordParts['type'], readonly bigint[], number | undefined]>([
    ['a process of which a thread gets a signal', 'tgkill', [42n, 43n, 9n], ENGINE],
    ['a process whose first thread gets one', 'tkill', [42n, 9n], ENGINE],
    ['a process that is traced', 'ptrace', [16n, 42n], ENGINE],
    ['the leader of a group', 'kill', [BigInt(-ENGINE), 9n], ENGINE],
    ['the leader of the own group', 'kill', [0n, 9n], SHELL],
    ['nobody, where all are meant', 'kill', [-1n, 9n], undefined],
    ['nobody, where nobody is there', 'kill', [99n, 9n], undefined],
    ['nobody, of other calls', 'setpgid', [42n, 42n], undefined],
  ])('is %s', (_, type, numbers, expected) => {
    const { call, pidOf } = stage();
    expect(pidOf(call(type, numbers))).toBe(expected);
  });

  test('is not known where numbers mean other processes than on the node', () => {
    const { call, pidOf } = stage();
    expect(pidOf(call('kill', [42n, 15n], { vpid: 7 }))).toBeUndefined();
  });

  test('is not the process that has got its number since then', () => {
    const { table, call, pidOf } = stage();
    const event = call('kill', [42n, 9n]);
    table.apply(exitOf(ENGINE));
    table.apply(execOf({ pid: ENGINE, args: ['other'], startNs: 3_000n }));
    expect(pidOf(event)).toBeUndefined();
  });

  test('outside of pods is the host, of which no pod is waited for', () => {
    const { call } = stage();
    const event = call('kill', [BigInt(SHELL), 15n]);
    expect(ask(event, FIELDS)).toEqual({ 'kd.target.name': 'bash', 'kd.target.container.id': 'host' });
    expect(event.isUndecided).toBe(false);
  });

  test('is known when its pod is told later, though it has ended by then', () => {
    const { table, pods, call } = stage();
    const event = call('kill', [42n, 9n]);
    expect(event.field('kd.target.ns.name')).toBeUndefined();
    expect([event.isUndecided, event.lacking]).toEqual([true, ['kd.target.ns.name']]);
    event.hold();
    table.apply(exitOf(ENGINE));
    pods.set(podObject());
    expect(event.field('kd.target.ns.name')).toBe('shop');
  });

  test('has no pod when that was not told in time, also when somebody asks later', () => {
    const { pods, call } = stage();
    const event = call('kill', [42n, 9n]);
    event.settle();
    pods.set(podObject());
    expect(event.state('kd.target.ns.name')).toEqual({ kind: 'unknown' });
    expect(event.isUndecided).toBe(false);
  });
});
