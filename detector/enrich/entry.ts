import type { ProcessEntry } from '../event/types.ts';
import { commandLine } from './fields/process.ts';
import type { SyscallEvent } from './syscall-event.ts';

/**
 * The process by which a container was entered while it ran, as `kubectl exec` does: the event's own or an ancestor, whose parent is
 * outside. Undefined for what the container started itself, and where it cannot be told: in the namespace of the node's processes, and
 * before the parent is known.
 */
export function entryOf({ process, image, ancestors }: SyscallEvent): ProcessEntry | undefined {
  const { container } = process;
  if (container === undefined) return undefined;
  const line = [{ process, image }, ...ancestors];
  const outside = line.findIndex((one) => one.process.container?.id !== container.id);
  const first = line[outside - 1];
  if (first === undefined || first.process.vpid === 1 || first.process.vpid === first.process.pid) return undefined;
  const { pid, startNs } = first.process;
  return { pid, startNs, command: commandLine(first.image.name, first.image) };
}
