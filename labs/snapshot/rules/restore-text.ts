import { mergeRules } from './merge-rules.ts';
import { isHostPortList, isOwnersJump, ownerOf, sandboxOf } from './owners.ts';
import { targetOf, type Chain, type RuleTable } from '../../../network/index.ts';

/**
 * What `iptables-restore --noflush` has to be fed for the tables to be as they were saved, '' for nothing. Only what is
 * missing is put back and only what is foreign taken out: rules of pods that came after the save stay, and those of pods
 * that are gone do not come back.
 */
export function restoreText(saved: readonly RuleTable[], now: readonly RuleTable[], choices: RestoreChoices): string {
  const names = [...new Set([...saved, ...now].map(({ name }) => name))];
  return names
    .map((name) => {
      const lines = tableLines(chainsOf(saved, name), chainsOf(now, name), choices);
      return lines.length === 0 ? '' : `*${name}\n${lines.join('\n')}\nCOMMIT\n`;
    })
    .join('');
}

export interface RestoreChoices {
  /** The pod sandboxes that exist on the node. */
  readonly liveSandboxes: ReadonlySet<string>;
  /** `leave`: kube-proxy's chains get the jumps to them, but their content is kube-proxy's to write. */
  readonly kubeProxyRules: 'put-back' | 'leave';
}

type Chains = ReadonlyMap<string, Chain>;

function chainsOf(tables: readonly RuleTable[], name: string): Chains {
  const chains = tables.find((table) => table.name === name)?.chains ?? [];
  return new Map(chains.map((chain) => [chain.name, chain]));
}

function tableLines(saved: Chains, now: Chains, { liveSandboxes, kubeProxyRules }: RestoreChoices): readonly string[] {
  const fixed = kubeProxyRules === 'put-back' ? ['static', 'kube-proxy'] : ['static'];
  const isAlive = livePodChains(saved, now, liveSandboxes);
  const names = [...new Set([...saved.keys(), ...now.keys()])];
  const byOwner = (...owners: readonly string[]): readonly string[] =>
    names.filter((name) => owners.includes(ownerOf(name)));

  const foreign = new Set([
    ...byOwner(...fixed).filter((name) => !saved.has(name) && !isHostPortList(name)),
    ...byOwner('per-pod').filter((name) => now.has(name) && !isAlive(name)),
  ]);
  const rewritten = [
    ...byOwner(...fixed).filter((name) => saved.has(name)),
    ...byOwner('per-pod').filter((name) => saved.has(name) && isAlive(name)),
  ].filter((name) => !isSameList(saved.get(name)?.rules, now.get(name)?.rules));
  const left = kubeProxyRules === 'leave' ? byOwner('kube-proxy') : [];
  const mixed = byOwner('builtin', 'host-port').map((name) =>
    mixedEdits(name, saved.get(name)?.rules ?? [], now.get(name)?.rules ?? [], isAlive),
  );
  return [
    ...byOwner('builtin').flatMap((name) => policyLine(name, saved.get(name), now.get(name))),
    ...missingHulls(saved, now, [...byOwner('host-port'), ...left]),
    ...rewritten.map((name) => `:${name} - [0:0]`),
    ...mixed.flatMap(({ deletions }) => deletions),
    ...left.flatMap((name) => jumpsTo(foreign, now.get(name))),
    ...[...foreign].map((name) => `:${name} - [0:0]`),
    ...rewritten.flatMap((name) => (saved.get(name)?.rules ?? []).map((rule) => `-A ${name} ${rule}`)),
    ...mixed.flatMap(({ insertions }) => insertions),
    ...[...foreign].map((name) => `-X ${name}`),
  ];
}

/** Whether the pod for which a chain was made is there; the jump to the chain tells the sandbox. */
function livePodChains(saved: Chains, now: Chains, liveSandboxes: ReadonlySet<string>): (chain: string) => boolean {
  const sandboxes = new Map<string, string>();
  for (const { rules } of [...saved.values(), ...now.values()]) {
    for (const rule of rules) {
      const [target, sandbox] = [targetOf(rule), sandboxOf(rule)];
      if (target !== undefined && sandbox !== undefined) sandboxes.set(target, sandbox);
    }
  }
  return (chain) => liveSandboxes.has(sandboxes.get(chain) ?? '');
}

function isSameList(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === b.length && a.every((rule, index) => rule === b[index]);
}

function policyLine(name: string, saved: Chain | undefined, now: Chain | undefined): readonly string[] {
  const wanted = saved?.policy ?? 'ACCEPT';
  return wanted === (now?.policy ?? 'ACCEPT') ? [] : [`:${name} ${wanted} [0:0]`];
}

/** Chains that jumps need as a target, empty: those of single Services are made by kube-proxy together with their content. */
function missingHulls(saved: Chains, now: Chains, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => saved.has(name) && !now.has(name) && !/^KUBE-(SVC|SVL|SEP|FW|EXT)-/.test(name))
    .map((name) => `:${name} - [0:0]`);
}

function jumpsTo(targets: ReadonlySet<string>, chain: Chain | undefined): readonly string[] {
  const rules = (chain?.rules ?? []).filter((rule) => targets.has(targetOf(rule) ?? ''));
  return rules.map((rule) => `-D ${chain?.name ?? ''} ${rule}`);
}

function mixedEdits(
  name: string,
  saved: readonly string[],
  now: readonly string[],
  isAlive: (chain: string) => boolean,
): { readonly deletions: readonly string[]; readonly insertions: readonly string[] } {
  const podChain = (rule: string): string | undefined => {
    const target = targetOf(rule);
    return target !== undefined && ownerOf(target) === 'per-pod' ? target : undefined;
  };
  const isOfDeadPod = (rule: string): boolean => {
    const chain = podChain(rule);
    return chain !== undefined && !isAlive(chain);
  };
  const edit = mergeRules({
    wanted: saved.filter((rule) => !isOfDeadPod(rule)),
    now,
    isNewer: (rule) =>
      (podChain(rule) !== undefined && !isOfDeadPod(rule)) || /^CNI-HOSTPORT-/.test(targetOf(rule) ?? ''),
    isPlacedByOwner: (rule) => isOwnersJump(targetOf(rule)),
  });
  return {
    deletions: edit.deletions.map((rule) => `-D ${name} ${rule}`),
    insertions: edit.insertions.map(({ position, rule }) => `-I ${name} ${String(position)} ${rule}`),
  };
}
