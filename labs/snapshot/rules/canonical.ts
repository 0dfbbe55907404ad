import { withLineages, type Surroundings } from '../surroundings.ts';
import { isHostPortList, isOwnersJump, ownerOf, sandboxOf } from './owners.ts';
import { parseSave, targetOf, type Chain, type RuleTable } from '../../../network/index.ts';

/**
 * The tables of an `iptables-save` text as lines that two pictures can be compared by: what changes by itself is
 * replaced or left out, everything else stays word for word. Keys are table names, e.g. `nat`.
 */
export function canonicalTables(
  saveText: string,
  surroundings: Surroundings,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(parseSave(saveText).map((table) => [table.name, canonicalTable(table, surroundings)]));
}

/** Canonical lines of a table, of all chains or only of those that `keeps` accepts by their real name. */
export function canonicalTable(
  table: RuleTable,
  surroundings: Surroundings,
  keeps: (chain: string) => boolean = () => true,
): readonly string[] {
  const chains = table.chains.filter(({ name }) => !isUsual(name, table, surroundings));
  const names = new Map(chains.map((chain) => [chain.name, canonicalName(chain, surroundings)]));
  const blocks = chains
    .filter(({ name }) => keeps(name))
    .map((chain) => ({
      name: names.get(chain.name) ?? chain.name,
      lines: chainLines(chain, names, table, surroundings),
    }))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.lines.join('\n'), b.lines.join('\n')));
  return [...table.remarks, ...blocks.flatMap(({ lines }) => lines)];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names that carry a hash of a pod's address or sandbox are named by where they lead to. */
function canonicalName({ name, rules }: Chain, surroundings: Surroundings): string {
  const prefix = /^(KUBE-SEP|CNI-DN|CNI)-[A-Z0-9a-f]+$/.exec(name)?.[1];
  if (prefix === undefined || (ownerOf(name) !== 'per-pod' && prefix !== 'KUBE-SEP')) return name;
  const goals = rules.flatMap((rule) => /--to-destination (\S+)/.exec(rule)?.[1] ?? []);
  const service = /--comment "?([^" ]+)/.exec(rules[0] ?? '')?.[1];
  const says = [...(prefix === 'KUBE-SEP' && service !== undefined ? [service] : []), ...new Set(goals)].join(' ');
  return `${prefix}(${withLineages(says, surroundings)})`;
}

function chainLines(
  chain: Chain,
  names: ReadonlyMap<string, string>,
  table: RuleTable,
  surroundings: Surroundings,
): readonly string[] {
  const name = names.get(chain.name) ?? chain.name;
  const rules = withoutEvenOdds(chain)
    .filter((rule) => !isUsual(targetOf(rule) ?? '', table, surroundings))
    .map((rule) => canonicalRule(rule, names, surroundings));
  return [...head(chain, name), ...inOrder(chain, rules).map((rule) => `-A ${name} ${rule}`)];
}

/** A built-in chain that accepts is the same as one that is not there yet. */
function head({ policy }: Chain, name: string): readonly string[] {
  if (policy === undefined) return [`chain ${name}`];
  return policy === 'ACCEPT' ? [] : [`policy ${name} ${policy}`];
}

function canonicalRule(rule: string, names: ReadonlyMap<string, string>, surroundings: Surroundings): string {
  const renamed = rule.replace(/\b(?:KUBE-SEP|CNI-DN|CNI)-[A-Z0-9a-f]+/g, (name) => names.get(name) ?? name);
  const sandbox = sandboxOf(renamed);
  const withoutSandbox = sandbox === undefined ? renamed : renamed.replace(sandbox, 'sandbox');
  return withLineages(withoutDnsPort(withoutSandbox, surroundings), surroundings);
}

/** Docker's resolver listens on new random ports after each start of the node; a rule with any other port is wrong. */
function withoutDnsPort(rule: string, { dnsPorts }: Surroundings): string {
  if (!rule.includes('127.0.0.11')) return rule;
  const protocol = /-p (tcp|udp)/.exec(rule)?.[1];
  if (protocol !== 'tcp' && protocol !== 'udp') return rule;
  return rule.replace(/(--to-destination 127\.0\.0\.11:|--sport )(\d+)/, (whole, before: string, port: string) =>
    dnsPorts[protocol].has(port) ? `${before}{docker-dns}` : whole,
  );
}

/**
 * A Service's endpoints share by `statistic` odds of 1/n, 1/(n-1) … in the order of their addresses. Where that is so the
 * odds say nothing, and change places with the pods.
 */
function withoutEvenOdds({ name, rules }: Chain): readonly string[] {
  if (!/^KUBE-SV[CL]-/.test(name)) return rules;
  const odds = / -m statistic --mode random --probability ([\d.]+)/;
  const shares = rules.filter((rule) => /^KUBE-SEP-/.test(targetOf(rule) ?? '') && !rule.includes('-m recent'));
  const areEven = shares.every((rule, index) => {
    const left = shares.length - index;
    const probability = Number(odds.exec(rule)?.[1] ?? 1);
    return Math.abs(probability - 1 / left) < 1e-6;
  });
  return areEven ? rules.map((rule) => rule.replace(odds, '')) : rules;
}

/** Order is kept where it decides and nobody changes it by himself. */
function inOrder({ name }: Chain, rules: readonly string[]): readonly string[] {
  const owner = ownerOf(name);
  if (owner === 'builtin') {
    const jumps = rules.filter((rule) => isOwnersJump(targetOf(rule))).sort(compareText);
    return [...jumps, ...rules.filter((rule) => !isOwnersJump(targetOf(rule)))];
  }
  const isSet =
    owner === 'host-port' || /^KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES|PROXY-FIREWALL|SV[CL]-.*)$/.test(name);
  return isSet ? [...rules].sort(compareText) : rules;
}

/** Whether a chain, and the jumps to it, say nothing of a node: they come and go by themselves, or do nothing. */
function isUsual(name: string, table: RuleTable, surroundings: Surroundings): boolean {
  return (
    ownerOf(name) === 'canary' ||
    isUsualPodChain(name, table, surroundings) ||
    isIdleList(name, table) ||
    isBeingRemoved(name, table)
  );
}

/**
 * The CNI's masquerade chain of one pod on this node: there is one per pod, wherever pods are. It is left out as long as it
 * belongs to a pod that is alive.
 */
function isUsualPodChain(name: string, table: RuleTable, { lineageByIp }: Surroundings): boolean {
  if (ownerOf(name) !== 'per-pod' || name.startsWith('CNI-DN-')) return false;
  const jumps = table.chains.flatMap(({ rules }) => rules).filter((rule) => targetOf(rule) === name);
  return jumps.length > 0 && jumps.every((rule) => lineageByIp.has(/-s ([^\s/]+)/.exec(rule)?.[1] ?? ''));
}

/** The CNI leaves its lists of host ports where the last pod that had one is gone; they do nothing then. */
function isIdleList(name: string, table: RuleTable): boolean {
  return isHostPortList(name) && !table.chains.some((chain) => chain.name.startsWith('CNI-DN-'));
}

/** The CNI empties a pod's chain of host ports before it removes it. Where one was emptied by somebody else, its rules are missed. */
function isBeingRemoved(name: string, table: RuleTable): boolean {
  return name.startsWith('CNI-DN-') && (table.chains.find((chain) => chain.name === name)?.rules.length ?? 0) === 0;
}
