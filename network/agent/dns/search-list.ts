/** What a pod's /etc/resolv.conf says. */
export interface ResolverSettings {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
}

export function parseResolvConf(text: string): ResolverSettings {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const values = (word: string): readonly string[] =>
    lines.filter(([first]) => first === word).flatMap(([, ...rest]) => rest);
  const ndots = values('options').find((option) => option.startsWith('ndots:'));
  return {
    servers: values('nameserver'),
    search: values('search'),
    ndots: ndots === undefined ? 1 : Number(ndots.slice('ndots:'.length)),
  };
}

/** The names to ask for, in order, as resolv.conf(5) has it; all of them fully qualified. */
export function candidateNames(name: string, { search, ndots }: ResolverSettings): readonly string[] {
  if (name.endsWith('.')) return [name];
  const asItIs = `${name}.`;
  const searched = search.map((domain) => `${name}.${domain.replace(/\.$/, '')}.`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [asItIs, ...searched] : [...searched, asItIs];
}
