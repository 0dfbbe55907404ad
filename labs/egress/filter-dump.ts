export type Family = 'ipv4' | 'ipv6';
export type Backend = 'nft' | 'legacy';

/** One rule as `iptables -v -S` prints it, its counter taken out. */
export interface FilterRule {
  /** Without `-A CHAIN` and without the counter. */
  readonly spec: string;
  readonly packets: number;
}

/** The chains of one filter table of the engine's host in which an egress guard can live. */
export interface FilterDump {
  readonly family: Family;
  readonly backend: Backend;
  /** The program that speaks to it, e.g. `ip6tables-legacy`. */
  readonly program: string;
  /** Absent chains are not keys. */
  readonly chains: Readonly<Record<string, readonly FilterRule[]>>;
}

export interface HostFilter {
  readonly dumps: readonly FilterDump[];
  readonly hasIpv6: boolean;
  /** /proc/net/route of the host, to find an address that is not on one of its own links. */
  readonly routes: string;
}

/** The chain that Docker calls before its own and never flushes. */
export const DOCKER_CHAIN = 'DOCKER-USER';
/** Ours, where Docker manages no filter of that family. */
export const OWN_CHAIN = 'KUBEDRILL-EGRESS';
const LISTED = ['FORWARD', DOCKER_CHAIN, OWN_CHAIN];

/**
 * POSIX sh: prints the chains of every filter table that the host uses. The legacy programs are asked only when the host
 * uses them, as asking would load their kernel modules.
 */
export const LIST_SCRIPT = `
list() {
  command -v "$3" >/dev/null || return 0
  echo "@ $1 $2 $3"
  for chain in ${LISTED.join(' ')}; do "$3" -w 5 -v -S "$chain" 2>/dev/null; done
}
list ipv4 nft iptables-nft
grep -qsx filter /proc/net/ip_tables_names && list ipv4 legacy iptables-legacy
if [ -e /proc/net/if_inet6 ]; then
  echo '@ has-ipv6'
  list ipv6 nft ip6tables-nft
  grep -qsx filter /proc/net/ip6_tables_names && list ipv6 legacy ip6tables-legacy
fi
echo '@ routes'
cat /proc/net/route
`;

/** Reads what LIST_SCRIPT printed; tables whose program does not work on this kernel are left out. */
export function parseHostFilter(text: string): HostFilter {
  const sections = text.split(/^@ /m).slice(1).map(splitSection);
  return {
    dumps: sections.flatMap(({ head, lines }) => parseDump(head, lines)),
    hasIpv6: sections.some(({ head }) => head === 'has-ipv6'),
    routes: sections.find(({ head }) => head === 'routes')?.lines.join('\n') ?? '',
  };
}

function splitSection(section: string): { readonly head: string; readonly lines: readonly string[] } {
  const [head = '', ...lines] = section.split('\n');
  return { head: head.trim(), lines };
}

function parseDump(head: string, lines: readonly string[]): readonly FilterDump[] {
  const [family, backend, program] = head.split(' ');
  if ((family !== 'ipv4' && family !== 'ipv6') || (backend !== 'nft' && backend !== 'legacy')) return [];
  const chains: Record<string, FilterRule[]> = {};
  for (const line of lines) {
    const chain = /^-[PNA] (\S+)/.exec(line)?.[1];
    if (chain === undefined) continue;
    const rules = (chains[chain] ??= []);
    if (line.startsWith('-A ')) rules.push(parseRule(line.slice(`-A ${chain} `.length)));
  }
  if (!('FORWARD' in chains) || program === undefined) return [];
  return [{ family, backend, program, chains }];
}

function parseRule(text: string): FilterRule {
  const counter = / ?-c (\d+) \d+/.exec(text);
  return { spec: text.replace(counter?.[0] ?? '', '').trim(), packets: Number(counter?.[1] ?? 0) };
}
