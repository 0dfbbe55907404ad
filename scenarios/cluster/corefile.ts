/** One server of a Corefile: what it is asked for, and what it answers with. */
export interface ServerBlock {
  /** Without transport and port, e.g. `.` or `cluster.local`. */
  readonly zones: readonly string[];
  readonly plugins: readonly CorefilePlugin[];
}

export interface CorefilePlugin {
  readonly name: string;
  /** What stands on the plugin's own line; the options in its braces are left out. */
  readonly args: readonly string[];
}

/**
 * The servers of a Corefile, as far as one has to know them to tell what is configured: line by line, without snippets and
 * imports. Reads any text; what is no Corefile has no servers.
 */
export function parseCorefile(text: string): readonly ServerBlock[] {
  const blocks: { readonly zones: readonly string[]; readonly plugins: CorefilePlugin[] }[] = [];
  let depth = 0;
  for (const line of text.split('\n')) {
    const words = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    const [first = '', ...rest] = words.filter((word) => word !== '{' && word !== '}');
    const opens = words.at(-1) === '{';
    if (depth === 0 && opens && first !== '') blocks.push({ zones: [first, ...rest].map(zoneOf), plugins: [] });
    if (depth === 1 && first !== '') blocks.at(-1)?.plugins.push({ name: first, args: rest });
    depth = Math.max(0, depth + (opens ? 1 : 0) - (words[0] === '}' ? 1 : 0));
  }
  return blocks;
}

/** Zones that the cluster's own names are answered for; a `kubernetes` plugin without zones has those of its server. */
export function kubernetesZones(blocks: readonly ServerBlock[]): readonly string[] {
  return blocks.flatMap(({ zones, plugins }) =>
    plugins
      .filter(({ name }) => name === 'kubernetes')
      .flatMap(({ args }) => (args.length === 0 ? zones : args.map(zoneOf))),
  );
}

/** `dns://cluster.local.:53,` → `cluster.local` */
function zoneOf(word: string): string {
  const zone = word
    .replace(/,$/, '')
    .replace(/^[a-z]+:\/\//, '')
    .replace(/:\d+$/, '');
  return zone === '.' ? zone : zone.replace(/\.$/, '').toLowerCase();
}
