/** What /etc/os-release says of the system. */
export interface OsRelease {
  /** E.g. `debian`, `ubuntu`. */
  readonly id: string;
  /** Systems that it is derived from, e.g. `['ubuntu', 'debian']`. */
  readonly like: readonly string[];
  readonly codename: string;
  readonly prettyName: string;
}

/** Reads the text of /etc/os-release (shell assignments, values quoted or not). */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim());
    if (match?.[1] !== undefined) values.set(match[1], match[2] ?? match[3] ?? match[4] ?? '');
  }
  const id = values.get('ID') ?? 'unknown';
  return {
    id,
    like: (values.get('ID_LIKE') ?? '').split(/\s+/).filter((word) => word !== ''),
    codename: values.get('VERSION_CODENAME') ?? '',
    prettyName: values.get('PRETTY_NAME') ?? id,
  };
}
