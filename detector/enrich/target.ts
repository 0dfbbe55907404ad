import type { Process } from './process-table.ts';
import type { SyscallEvent } from './syscall-event.ts';

/** Which argument of a call names the process that it is aimed at. */
const TARGET_SLOTS: ReadonlyMap<string, number> = new Map([
  ['kill', 0],
  // Names a thread; of a process only the first has the number that the process has.
  ['tkill', 0],
  ['tgkill', 0],
  ['ptrace', 1],
]);

/**
 * The process that a signal is sent to, or that a tracer takes hold of; of a group its leader. Undefined for other calls, where
 * nobody knows it, of a signal to all that there are, and from a PID namespace of its own, where numbers mean others.
 */
export function targetOf({ record, process, context }: SyscallEvent): Process | undefined {
  const slot = TARGET_SLOTS.get(record.type);
  if (slot === undefined || record.id('vpid') !== record.id('pid')) return undefined;
  const given = record.int(slot);
  if (given === EVERYBODY) return undefined;
  const target = context.findProcess?.(given === OWN_GROUP ? process.pgid : Math.abs(given));
  // Another process has got the number since then.
  return target !== undefined && target.startNs > record.timeNs ? undefined : target;
}

const EVERYBODY = -1;
const OWN_GROUP = 0;
