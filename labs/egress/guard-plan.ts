import { DOCKER_CHAIN, OWN_CHAIN, type Family, type FilterDump, type HostFilter } from './filter-dump.ts';

/** Whose traffic is kept on the machine. */
export interface GuardedNetwork {
  readonly networkName: string;
  /** The bridge device of the network on the engine's host. */
  readonly bridge: string;
}

/** The guard of one family: where it is, or why it does not hold. */
export interface FamilyGuard {
  readonly family: Family;
  readonly ok: boolean;
  /** E.g. `nft DOCKER-USER`; several when Docker's chain is in both backends. */
  readonly where: readonly string[];
  /** Packets that it has refused so far. */
  readonly packets: number;
  readonly observed: string;
}

const MARK = 'kubedrill-egress:';
const REFUSALS: Readonly<Record<Family, string>> = {
  ipv4: 'icmp-admin-prohibited',
  ipv6: 'icmp6-adm-prohibited',
};

/** One chain in which the guard belongs. */
interface Home {
  readonly dump: FilterDump;
  readonly chain: string;
}

/** What has to be run on the host for the guard to hold; nothing when it does. */
export function commandsToInstall(filter: HostFilter, guarded: GuardedNetwork): readonly (readonly string[])[] {
  return families(filter).flatMap((family) =>
    homesOf(filter, family)
      .filter((home) => !holds(home, guarded))
      .flatMap((home) => installAt(home, guarded)),
  );
}

/** What has to be run to remove the guard of that network, wherever it is and whatever its bridge was. */
export function commandsToRemove(filter: HostFilter, networkName: string): readonly (readonly string[])[] {
  return filter.dumps.flatMap((dump) => removeFrom(dump, networkName));
}

export function guardStatus(filter: HostFilter, guarded: GuardedNetwork): readonly FamilyGuard[] {
  return families(filter).map((family) => familyStatus(filter, family, guarded));
}

/** Names of all networks that have a guard on this host, also those of labs that are gone. */
export function guardedNetworks(filter: HostFilter): readonly string[] {
  const rules = filter.dumps.flatMap(({ chains }) => Object.values(chains).flat());
  return [...new Set(rules.flatMap(({ spec }) => markedNetwork(spec) ?? []))].sort();
}

function families({ hasIpv6 }: HostFilter): readonly Family[] {
  return hasIpv6 ? ['ipv4', 'ipv6'] : ['ipv4'];
}

/** Docker's chain in whichever backend FORWARD calls it; without one, a chain of our own. */
function homesOf(filter: HostFilter, family: Family): readonly Home[] {
  const dumps = filter.dumps.filter((dump) => dump.family === family);
  const dockers = dumps.filter(({ chains }) => chains['FORWARD']?.some(({ spec }) => spec === `-j ${DOCKER_CHAIN}`));
  if (dockers.length > 0) return dockers.map((dump) => ({ dump, chain: DOCKER_CHAIN }));
  return dumps.slice(0, 1).map((dump) => ({ dump, chain: OWN_CHAIN }));
}

/** The guard's rule is there, and nothing that could let a packet pass is asked before it. */
function holds({ dump, chain }: Home, guarded: GuardedNetwork): boolean {
  const rules = dump.chains[chain] ?? [];
  const at = rules.findIndex(({ spec }) => spec === printedRule(dump.family, guarded));
  if (at < 0 || rules.slice(0, at).some(({ spec }) => markedNetwork(spec) === undefined)) return false;
  return chain === DOCKER_CHAIN || dump.chains['FORWARD']?.[0]?.spec === `-j ${OWN_CHAIN}`;
}

function installAt({ dump, chain }: Home, guarded: GuardedNetwork): readonly (readonly string[])[] {
  const run = [dump.program, '-w', '5'];
  const hook = ['FORWARD', '-j', OWN_CHAIN];
  const isHooked = dump.chains['FORWARD']?.some(({ spec }) => spec === `-j ${OWN_CHAIN}`) ?? false;
  const ownChain =
    chain === DOCKER_CHAIN
      ? []
      : [
          ...(chain in dump.chains ? [] : [[...run, '-N', OWN_CHAIN]]),
          ...(isHooked ? [[...run, '-D', ...hook]] : []),
          [...run, '-I', ...hook],
        ];
  return [
    ...ownRules(dump, chain, guarded.networkName),
    ...ownChain,
    [...run, '-I', chain, '1', ...rule(dump.family, guarded)],
  ];
}

/** Deletes every rule of that network in the chain. */
function ownRules(dump: FilterDump, chain: string, networkName: string): readonly (readonly string[])[] {
  return (dump.chains[chain] ?? [])
    .filter(({ spec }) => markedNetwork(spec) === networkName)
    .map(({ spec }) => {
      const bridge = /(?:^| )-i (\S+)/.exec(spec)?.[1] ?? '';
      return [dump.program, '-w', '5', '-D', chain, ...rule(dump.family, { networkName, bridge })];
    });
}

function removeFrom(dump: FilterDump, networkName: string): readonly (readonly string[])[] {
  const rules = [DOCKER_CHAIN, OWN_CHAIN].flatMap((chain) => ownRules(dump, chain, networkName));
  const others = (dump.chains[OWN_CHAIN] ?? []).filter(({ spec }) => markedNetwork(spec) !== networkName);
  if (!(OWN_CHAIN in dump.chains) || others.length > 0) return rules;
  const run = [dump.program, '-w', '5'];
  const hooks = (dump.chains['FORWARD'] ?? []).filter(({ spec }) => spec === `-j ${OWN_CHAIN}`);
  return [...rules, ...hooks.map(() => [...run, '-D', 'FORWARD', '-j', OWN_CHAIN]), [...run, '-X', OWN_CHAIN]];
}

function familyStatus(filter: HostFilter, family: Family, guarded: GuardedNetwork): FamilyGuard {
  const homes = homesOf(filter, family);
  const where = homes.map(({ dump, chain }) => `${dump.backend} ${chain}`);
  const missing = homes.filter((home) => !holds(home, guarded));
  const packets = homes.flatMap(({ dump, chain }) =>
    (dump.chains[chain] ?? [])
      .filter(({ spec }) => spec === printedRule(family, guarded))
      .map((found) => found.packets),
  );
  const ok = homes.length > 0 && missing.length === 0;
  return {
    family,
    ok,
    where,
    packets: packets.reduce((sum, count) => sum + count, 0),
    observed: observedText(ok, where, missing),
  };
}

function observedText(ok: boolean, where: readonly string[], missing: readonly Home[]): string {
  if (ok) return `in place (${where.join(', ')})`;
  if (where.length === 0) return 'the host has no packet filter that kubedrill can speak to';
  return `not in place in ${missing.map(({ dump, chain }) => `${dump.backend} ${chain}`).join(', ')}`;
}

function rule(family: Family, { networkName, bridge }: GuardedNetwork): readonly string[] {
  const comment = ['-m', 'comment', '--comment', `${MARK}${networkName}`];
  return ['-i', bridge, '!', '-o', bridge, ...comment, '-j', 'REJECT', '--reject-with', REFUSALS[family]];
}

/** The same rule as `iptables -S` prints it. */
function printedRule(family: Family, guarded: GuardedNetwork): string {
  const comment = `${MARK}${guarded.networkName}`;
  return rule(family, guarded)
    .map((word) => (word === comment ? `"${word}"` : word))
    .join(' ');
}

function markedNetwork(spec: string): string | undefined {
  return new RegExp(`--comment "?${MARK}([^" ]+)`).exec(spec)?.[1];
}
