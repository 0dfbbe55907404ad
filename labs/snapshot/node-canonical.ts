import { bridgePortLines } from './bridge-ports.ts';
import { canonicalNft } from './nft-canonical.ts';
import type { NodeDump } from './node-script.ts';
import { canonicalTables } from './rules/canonical.ts';
import type { Surroundings } from './surroundings.ts';

/** Separates IPv4 from IPv6 in the sections that hold both. */
const FAMILY_SEPARATOR = '\u001d';

/** Devices of pods: there is one per pod, with a random name, and what hangs on it follows the pod. */
const POD_DEVICE = /^veth|^cali|^lxc/;

/**
 * A node's dump as canonical lines per table. Pure: the same dump in the same surroundings is the same picture, and a pod
 * that its controller replaced leaves no trace.
 */
export function canonicalNode(dump: NodeDump, surroundings: Surroundings): Readonly<Record<string, readonly string[]>> {
  return {
    ...named('ip', canonicalTables(dump.iptables, surroundings)),
    ...named('ip6', canonicalTables(dump.ip6tables, surroundings)),
    ...named('legacy ip', canonicalTables(dump['legacy-iptables'], surroundings)),
    ...named('legacy ip6', canonicalTables(dump['legacy-ip6tables'], surroundings)),
    nft: canonicalNft(dump.nft, surroundings),
    addresses: addressLines(dump.addresses),
    links: linkLines(dump.links),
    'bridge ports': bridgePortLines(dump['bridge-ports']),
    routes: routeLines(dump.routes, surroundings),
    rules: families(dump.rules).flatMap(({ family, lines }) => lines.map((line) => `${family} ${squeezed(line)}`)),
    sysctls: sysctlLines(dump.sysctls),
    hosts: linesOf(dump.hosts).map(squeezed),
    resolver: linesOf(dump.resolver).map(squeezed),
    files: fileLines(dump),
    units: unitLines(dump.units),
    devices: linesOf(dump.devices)
      .filter((line) => !/^\/dev\/(pts|tty|loop|dm-)/.test(line))
      .sort(),
    tasks: linesOf(dump.tasks)
      .filter((line) => !line.includes('/k8s.io/'))
      .sort(),
    stopped: [...linesOf(dump.stopped)].sort(),
  };
}

function named(
  family: string,
  tables: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(tables).map(([table, lines]) => [`${family} ${table}`, lines]));
}

/** Non-empty lines. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

export function squeezed(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}

/** The IPv4 and the IPv6 lines of a section that holds both. */
export function families(
  text: string,
): readonly { readonly family: 'ip' | 'ip6'; readonly lines: readonly string[] }[] {
  const [ipv4 = '', ipv6 = ''] = text.split(FAMILY_SEPARATOR);
  return [
    { family: 'ip', lines: linesOf(ipv4) },
    { family: 'ip6', lines: linesOf(ipv6) },
  ];
}

/** `DEVICE FAMILY ADDRESS/LENGTH`, without link-local addresses, which the kernel makes. */
export function addressLines(text: string): readonly string[] {
  return linesOf(text)
    .flatMap((line) => {
      const [, device, family, address] = /^\d+:\s+(\S+)\s+(inet6?)\s+(\S+)/.exec(line) ?? [];
      if (device === undefined || family === undefined || address === undefined) return [];
      return POD_DEVICE.test(device) || address.startsWith('fe80:') ? [] : [`${device} ${family} ${address}`];
    })
    .sort();
}

function linkLines(text: string): readonly string[] {
  return linesOf(text)
    .flatMap((line) => {
      const [, device, flags] = /^\d+:\s+([^:@\s]+)(?:@\S+)?:\s+<([^>]*)>/.exec(line) ?? [];
      if (device === undefined || flags === undefined || POD_DEVICE.test(device)) return [];
      const facts = ['mtu', 'qdisc', 'master'].flatMap((word) => {
        const value = new RegExp(` ${word} (\\S+)`).exec(line)?.[1];
        return value === undefined ? [] : [`${word} ${value}`];
      });
      return [[device, flags.split(',').includes('UP') ? 'up' : 'down', ...facts].join(' ')];
    })
    .sort();
}

/** Routes that somebody has set; the kernel's own and those of single pods that are alive are left out. */
export function routeLines(text: string, { lineageByIp }: Surroundings): readonly string[] {
  return families(text)
    .flatMap(({ family, lines }) =>
      lines
        .map((line) => squeezed(line.replace(/ (linkdown|dead|expires \S+|hoplimit \S+|pref medium)\b/g, '')))
        .filter(
          (line) =>
            !/ table local .*proto kernel| proto kernel .*table local|^(anycast|multicast|fe80::|ff00::)/.test(line),
        )
        .filter((line) => !(/ dev (veth|cali|lxc)/.test(line) && lineageByIp.has(line.split(/[ /]/)[0] ?? '')))
        .map((line) => `${family} ${line}`),
    )
    .sort();
}

/** `net.ipv4.ip_forward = 1`, by path: a dot may be part of a device's name. */
export function sysctlLines(text: string): readonly string[] {
  return linesOf(text)
    .map((line) => line.replace('/proc/sys/', '').replace(':', ' = '))
    .filter((line) => !/\/conf\/(veth|cali|lxc)|_entries =|tcp_available_|tcp_fastopen_key|mtu_probe_floor/.test(line))
    .map(squeezed)
    .sort();
}

function fileLines(dump: NodeDump): readonly string[] {
  const sums = new Map(linesOf(dump['file-sums']).map((line) => [line.slice(66), line.slice(0, 64)] as const));
  return linesOf(dump['file-facts'])
    .map((line) => {
      const sum = sums.get(pathOf(line));
      return squeezed(sum === undefined ? line : `${line} sha256:${sum.slice(0, 16)}`);
    })
    .sort();
}

/** The path of a line of the table `files`: `PATH MODE USER:GROUP [TARGET] [SUM]`. */
export function pathOf(fileLine: string): string {
  return /^(\S.*?) [0-7]{3,4} [^\s:]+:[^\s:]+( |$)/.exec(fileLine)?.[1] ?? '';
}

/**
 * Services that run or have failed, and timers that are set; those of systemd's own housekeeping and of the bus come and go. Which are
 * enabled or masked is in the links below /etc/systemd/system, among the files: systemd needs 0.4 s to list them.
 */
function unitLines(text: string): readonly string[] {
  const comesAndGoes =
    /^(systemd-(tmpfiles|hostnamed|timedated|localed|journal-flush)|user@|user-runtime-dir@|getty@|run-)/;
  return (
    linesOf(text)
      .map((line) => squeezed(line).split(' '))
      .filter(([unit = '']) => !comesAndGoes.test(unit))
      // While the service of a timer runs, the timer is `running` and not `waiting`.
      .map(([unit = '', , active = '', sub = '']) =>
        [unit, active, unit.endsWith('.timer') ? '' : sub].join(' ').trim(),
      )
      .sort()
  );
}

/** Docker's resolver in the node listens on 127.0.0.11, which /proc/net prints as 0B00007F, at a random port. */
export function dnsPortsOf(section: string): Surroundings['dnsPorts'] {
  const ports = { tcp: new Set<string>(), udp: new Set<string>() };
  for (const line of linesOf(section)) {
    const [protocol, address = ''] = squeezed(line).split(' ');
    if (protocol === 'tcp' || protocol === 'udp')
      ports[protocol].add(String(parseInt(address.split(':')[1] ?? '', 16)));
  }
  return ports;
}
