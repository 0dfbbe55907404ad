import { prettyCommand } from '../../core/index.ts';

/** Flags of a bridge port that decide which packets pass between pods of a node. */
const FLAGS = ['hairpin_mode', 'isolated', 'learning', 'unicast_flood'] as const;

/** For bash: one line for each flag of each port. */
export const BRIDGE_PORTS_COMMAND = `grep -Hs '' /sys/class/net/*/brport/{${FLAGS.join(',')}} /dev/null`;

/**
 * The kinds of ports that there are, e.g. `hairpin_mode 1, isolated 0, …`: ports come and go with pods and have random names, but the CNI
 * makes all of a node alike.
 */
export function bridgePortLines(section: string): readonly string[] {
  return [...new Set(portsIn(section).values())].sort();
}

/** What makes ports of other kinds than the saved ones like them. Nothing where the save had none. */
export function bridgePortCommands(saved: readonly string[], section: string): readonly string[] {
  const [wanted] = saved;
  if (wanted === undefined) return [];
  return [...portsIn(section)]
    .filter(([, kind]) => !saved.includes(kind))
    .flatMap(([device]) =>
      wanted.split(', ').map((flag) => {
        const [name = '', value = ''] = flag.split(' ');
        return `echo ${prettyCommand([value])} > ${prettyCommand([`/sys/class/net/${device}/brport/${name}`])}`;
      }),
    );
}

/** Device → its flags in words. */
function portsIn(section: string): ReadonlyMap<string, string> {
  const ports = new Map<string, string>();
  for (const line of section.split('\n')) {
    const [, device, flag, value] = /^\/sys\/class\/net\/([^/]+)\/brport\/(\w+):(\d+)$/.exec(line) ?? [];
    if (device === undefined || flag === undefined || value === undefined) continue;
    const known = ports.get(device);
    ports.set(device, `${known === undefined ? '' : `${known}, `}${flag} ${value}`);
  }
  return ports;
}
