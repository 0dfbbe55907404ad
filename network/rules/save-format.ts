/** One table of an `iptables-save` text. */
export interface RuleTable {
  readonly name: string;
  readonly chains: readonly Chain[];
  /** What iptables-save says where it cannot print a table, e.g. "Table `nat' is incompatible, use 'nft' tool." */
  readonly remarks: readonly string[];
}

export interface Chain {
  readonly name: string;
  /** `ACCEPT` or `DROP` for a built-in chain; undefined for a chain that somebody made. */
  readonly policy: string | undefined;
  /** Rules in order, without `-A CHAIN`. */
  readonly rules: readonly string[];
}

/** Reads `iptables-save`, with or without counters; tables in the order of the text. */
export function parseSave(text: string): readonly RuleTable[] {
  const tables: { name: string; chains: Map<string, { policy: string | undefined; rules: string[] }> }[] = [];
  const remarks = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const remark = /^# (Table [`'"]?(\w+).*)$/.exec(line);
    if (remark?.[1] !== undefined && remark[2] !== undefined) {
      remarks.set(remark[2], [...(remarks.get(remark[2]) ?? []), remark[1]]);
    } else if (line.startsWith('*')) {
      tables.push({ name: line.slice(1).trim(), chains: new Map() });
    } else {
      addLine(tables.at(-1)?.chains, line);
    }
  }
  for (const name of remarks.keys()) {
    if (!tables.some((table) => table.name === name)) tables.push({ name, chains: new Map() });
  }
  return tables.map(({ name, chains }) => ({
    name,
    chains: [...chains].map(([chain, { policy, rules }]) => ({ name: chain, policy, rules })),
    remarks: remarks.get(name) ?? [],
  }));
}

function addLine(chains: Map<string, { policy: string | undefined; rules: string[] }> | undefined, line: string): void {
  const declared = /^:(\S+) (\S+)/.exec(line);
  if (declared?.[1] !== undefined) {
    chains?.set(declared[1], { policy: declared[2] === '-' ? undefined : declared[2], rules: [] });
    return;
  }
  const appended = /^(?:\[\d+:\d+\] )?-A (\S+) ?(.*)$/.exec(line);
  if (appended?.[1] === undefined) return;
  chains?.get(appended[1])?.rules.push((appended[2] ?? '').trim());
}

/** The chain that a rule jumps or goes to, also when it is a target like DNAT. */
export function targetOf(rule: string): string | undefined {
  return /(?:^| )-[jg] (\S+)/.exec(rule)?.[1];
}
