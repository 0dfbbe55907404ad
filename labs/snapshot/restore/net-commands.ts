import { prettyCommand } from '../../../core/index.ts';
import type { Residue } from '../types.ts';

type NodeResidue = Extract<Residue, { readonly kind: 'node' }>;

/** Commands for addresses, links, routes, rules and sysctls, in the order in which they depend on one another. */
export function netCommands(residue: readonly NodeResidue[]): readonly string[] {
  const lines = (table: string, change: NodeResidue['change']): readonly string[] =>
    residue.filter((one) => one.table === table && one.change === change).map(({ line }) => line);
  return [
    ...lines('sysctls', 'missing').flatMap(sysctlCommand),
    ...lines('links', 'missing').flatMap(linkCommand),
    ...lines('addresses', 'added').map((line) => addressCommand('del', line)),
    ...lines('addresses', 'missing').map((line) => addressCommand('add', line)),
    ...lines('routes', 'added').map((line) => routeCommand('del', line)),
    ...lines('routes', 'missing').map((line) => routeCommand('replace', line)),
    ...lines('rules', 'added').map((line) => ruleCommand('del', line)),
    ...lines('rules', 'missing').map((line) => ruleCommand('add', line)),
  ];
}

/** `net/ipv4/ip_forward = 1`. */
function sysctlCommand(line: string): readonly string[] {
  const [path = '', value = ''] = line.split(' = ');
  return /^[\w/.-]+$/.test(path) ? [`echo ${prettyCommand([value])} > /proc/sys/${path}`] : [];
}

/** `cni0 up mtu 1500 qdisc noqueue`; a device that is gone is not made again. */
function linkCommand(line: string): readonly string[] {
  const [device = '', state = ''] = line.split(' ');
  const mtu = / mtu (\d+)/.exec(line)?.[1];
  return [prettyCommand(['ip', 'link', 'set', 'dev', device, state, ...(mtu === undefined ? [] : ['mtu', mtu])])];
}

/** `eth0 inet 172.18.0.3/16`. */
function addressCommand(verb: string, line: string): string {
  const [device = '', family = '', address = ''] = line.split(' ');
  return prettyCommand(['ip', family === 'inet6' ? '-6' : '-4', 'address', verb, address, 'dev', device]);
}

/** `ip 10.244.2.0/24 via 172.18.0.4 dev eth0`. */
function routeCommand(verb: string, line: string): string {
  const [family, ...route] = line.split(' ');
  return prettyCommand(['ip', family === 'ip6' ? '-6' : '-4', 'route', verb, ...route]);
}

/** `ip 100: from all fwmark 0x1 lookup 100`. */
function ruleCommand(verb: string, line: string): string {
  const [family, priority = '', ...selector] = line.split(' ');
  const version = family === 'ip6' ? '-6' : '-4';
  return prettyCommand(['ip', version, 'rule', verb, ...selector, 'pref', priority.replace(':', '')]);
}
