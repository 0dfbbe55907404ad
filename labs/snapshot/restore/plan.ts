import { bridgePortCommands } from '../bridge-ports.ts';
import { compareNodes } from '../compare.ts';
import { canonicalNode, dnsPortsOf, linesOf } from '../node-canonical.ts';
import type { NodeDump } from '../node-script.ts';
import { isKubeProxyLine, ownerOf } from '../rules/owners.ts';
import { restoreText, type RestoreChoices } from '../rules/restore-text.ts';
import { parseSave, type RuleTable } from '../../../network/index.ts';
import type { Surroundings } from '../surroundings.ts';
import type { NodeSnapshot } from '../types.ts';
import type { ClusterNow } from './cluster-now.ts';
import { areStillTrue } from './kube-proxy-rules.ts';
import { netCommands } from './net-commands.ts';
import { nftText } from './nft-text.ts';
import { fed, scriptOf } from './script.ts';

/** How one node becomes as it was. */
export interface RestorePlan {
  /** For bash; empty when nothing is to be put back. */
  readonly script: string;
  /** What only kube-proxy can write is not as it was: it has to write all its rules again. */
  readonly needsKubeProxy: boolean;
  /** Lineages of pods whose host ports lost their rules, and whose rules were not in the picture: they are newer than it. */
  readonly lostHostPorts: readonly string[];
  /** Lines that differ, for people, e.g. `ip nat: missing -A OUTPUT …`. */
  readonly differences: readonly string[];
}

export interface PlanInput {
  readonly saved: NodeSnapshot;
  readonly dump: NodeDump;
  readonly cluster: ClusterNow;
  /** Canonical tables to restore, e.g. `ip nat`, `hosts`; all that can be when absent. */
  readonly tables?: readonly string[];
}

const RESTORABLE = /^(ip6? \w+|nft|hosts|resolver|sysctls|addresses|links|bridge ports|routes|rules)$/;

/** Compares a node with its picture and says what has to be run there. Pure; its configuration is `planConfiguration`'s. */
export function planRestore({ saved, dump, cluster, tables }: PlanInput): RestorePlan {
  const surroundings = { lineageByIp: cluster.lineageByIp, dnsPorts: dnsPortsOf(dump['dns-sockets']) };
  const now = canonicalNode(dump, surroundings);
  const chosen = [...new Set([...Object.keys(saved.tables), ...Object.keys(now)])].filter(
    (table) => RESTORABLE.test(table) && (tables?.includes(table) ?? true),
  );
  const residue = compareNodes(saved, { tables: now }, chosen).filter((one) => one.kind === 'node');
  const differs = (table: string): boolean => residue.some((one) => one.table === table);
  const rules = ruleSteps({ saved, dump, surroundings, clusterIps: cluster.clusterIps, differs });
  const steps = [
    ...netCommands(residue),
    ...(differs('bridge ports') ? bridgePortCommands(saved.tables['bridge ports'] ?? [], dump['bridge-ports']) : []),
    ...(differs('nft') ? [fed('nft -f -', nftText(saved.raw['nft'] ?? '', dump.nft))] : []),
    ...rules.steps,
    ...(differs('hosts') ? [fileStep('/etc/hosts', saved.raw['hosts'] ?? '')] : []),
    ...(differs('resolver') ? [fileStep('/etc/resolv.conf', saved.raw['resolver'] ?? '')] : []),
  ];
  return {
    script: scriptOf(steps),
    needsKubeProxy:
      rules.kubeProxyRules === 'leave' &&
      residue.some(({ table, line }) => /^ip6? /.test(table) && isKubeProxyLine(line)),
    lostHostPorts: lostHostPorts(residue.filter(({ change }) => change === 'missing').map(({ line }) => line)),
    differences: residue.map(({ table, line, change }) => `${table}: ${change} ${line}`),
  };
}

function lostHostPorts(missing: readonly string[]): readonly string[] {
  return [...new Set(missing.flatMap((line) => /^chain CNI-DN\(\{([^}]+)\}/.exec(line)?.[1] ?? []))];
}

interface RuleInput {
  readonly saved: NodeSnapshot;
  readonly dump: NodeDump;
  readonly surroundings: Surroundings;
  readonly clusterIps: ClusterNow['clusterIps'];
  readonly differs: (table: string) => boolean;
}

function ruleSteps({ saved, dump, surroundings, clusterIps, differs }: RuleInput): {
  readonly steps: readonly string[];
  readonly kubeProxyRules: RestoreChoices['kubeProxyRules'];
} {
  const families = [
    { family: 'ip', program: 'iptables-restore', then: saved.raw['iptables'] ?? '', now: dump.iptables },
    { family: 'ip6', program: 'ip6tables-restore', then: saved.raw['ip6tables'] ?? '', now: dump.ip6tables },
  ] as const;
  const pictures = families.map((one) => ({
    ...one,
    tables: withDnsPorts(parseSave(one.then), surroundings.dnsPorts),
  }));
  const kubeProxyRules = areStillTrue(pictures, saved, surroundings, clusterIps) ? 'put-back' : 'leave';
  const choices = { liveSandboxes: sandboxesOf(dump), kubeProxyRules } as const;
  const steps = pictures.flatMap(({ family, program, tables, now }) => {
    const isDue = ({ name }: RuleTable): boolean => differs(`${family} ${name}`);
    const text = restoreText(tables.filter(isDue), parseSave(now).filter(isDue), choices);
    return text === '' ? [] : [fed(`${program} --noflush -w 10`, text)];
  });
  return { steps, kubeProxyRules };
}

/** The CNI keeps one result per sandbox, named `<network>-<sandbox>-<interface>`. */
function sandboxesOf(dump: NodeDump): ReadonlySet<string> {
  return new Set(linesOf(dump.sandboxes).flatMap((line) => /-([0-9a-f]{12,})-/.exec(line)?.[1] ?? []));
}

/** Docker's rules lead to its resolver's ports as they were at the save; a node that was started again has new ones. */
function withDnsPorts(tables: readonly RuleTable[], dnsPorts: Surroundings['dnsPorts']): readonly RuleTable[] {
  const current = (rule: string): string => {
    const protocol = /-p (tcp|udp)/.exec(rule)?.[1];
    if (!rule.includes('127.0.0.11') || (protocol !== 'tcp' && protocol !== 'udp')) return rule;
    const [port, ...others] = dnsPorts[protocol];
    if (port === undefined || others.length > 0) return rule;
    return rule.replace(/(--to-destination 127\.0\.0\.11:|--sport )\d+/, `$1${port}`);
  };
  return tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) =>
      ownerOf(chain.name) === 'static' ? { ...chain, rules: chain.rules.map(current) } : chain,
    ),
  }));
}

/** Docker mounts these files into the node one by one: they can be written, but not replaced. */
function fileStep(path: string, content: string): string {
  return `echo ${Buffer.from(content).toString('base64')} | base64 -d > ${path}`;
}
