import { ContainerAccounts } from '../../../../detector/enrich/container-accounts.ts';
import { DescriptorNames } from '../../../../detector/enrich/descriptor-names.ts';
import { PodIndex } from '../../../../detector/enrich/pod-index.ts';
import { ProcessTable } from '../../../../detector/enrich/process-table.ts';
import { SyscallEvent, type SyscallContext } from '../../../../detector/enrich/syscall-event.ts';
import { encodeDescriptor, type DescriptorFacts } from '../../../../detector/source/descriptor-facts.ts';
import type { RecordParts, SensorRecord } from '../../../../detector/source/record.ts';
import { fakeClock } from '../../../support/clock.ts';
import { recordOf } from './records.ts';

const CONTEXT: SyscallContext = {
  architecture: 'x86-64',
  pods: new PodIndex(),
  users: new Map([
    [0, 'root'],
    [1000, 'ann'],
  ]),
  groups: new Map([[0, 'root']]),
  containerAccounts: new ContainerAccounts({ clock: fakeClock(), ask: () => false }),
  descriptorNames: new DescriptorNames(),
  hostNames: new Map(),
};

/** The event that a record is, with the processes that the table knows. */
export function eventOf(
  record: SensorRecord,
  table = new ProcessTable(),
  context: Partial<SyscallContext> = {},
): SyscallEvent {
  return new SyscallEvent({
    number: 1,
    timeNs: 1_700_000_000_000_000_000n + record.timeNs,
    record,
    process: table.apply(record),
    context: { ...CONTEXT, ...context },
  });
}

/** Asks for fields written as in rules: `proc.aname[2]`, `evt.arg.flags`. */
export function ask(event: SyscallEvent, fields: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field) => [field, askOne(event, field)]));
}

function askOne(event: SyscallEvent, field: string): unknown {
  const [, name, argument] = /^(evt\.arg)\.(.+)$/.exec(field) ?? /^([^[]+)\[(.+)\]$/.exec(field) ?? [];
  return name === undefined ? event.field(field) : event.field(name, argument);
}

/** A call by its plan: arguments, the strings 0 to 4, and what its descriptor leads to. */
export function callOf(
  type: RecordParts['type'],
  parts: Partial<RecordParts> & { readonly descriptor?: Partial<DescriptorFacts> },
  context: Partial<SyscallContext> = {},
): SyscallEvent {
  const { descriptor, strings = [], ...more } = parts;
  const slots = Array.from({ length: 5 }, (_, n) => strings[n] ?? '');
  const facts = descriptor === undefined ? '' : encodeDescriptor(descriptor);
  const record = recordOf({ type, startNs: 1n, ids: { pid: 20 }, ...more, strings: [...slots, facts] });
  return eventOf(record, new ProcessTable(), context);
}
