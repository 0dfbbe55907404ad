/** One file below /etc/apt, by its path. */
export interface AptFile {
  readonly path: string;
  readonly text: string;
}

interface Archive {
  readonly uri: string;
  readonly signedBy?: string;
}

/**
 * An apt source (deb822) for another suite of the archive that the machine already uses: same URI (its own mirror), same key. Undefined when none of
 * the files names the archive of `knownSuite`, component main.
 */
export function sourceForSuite(files: readonly AptFile[], knownSuite: string, suite: string): string | undefined {
  const archive = files.flatMap((file) => archivesOf(file, knownSuite))[0];
  if (archive === undefined) return undefined;
  const signedBy = archive.signedBy === undefined ? '' : `Signed-By: ${archive.signedBy}\n`;
  return `Types: deb\nURIs: ${archive.uri}\nSuites: ${suite}\nComponents: main\n${signedBy}`;
}

/** Preferences that keep the other suite out of the way unless it is asked for by name (apt_preferences(5): 100). */
export function pinFor(suite: string): string {
  return `Package: *\nPin: release n=${suite}\nPin-Priority: 100\n`;
}

function archivesOf(file: AptFile, suite: string): readonly Archive[] {
  return file.path.endsWith('.sources') ? fromStanzas(file.text, suite) : fromLines(file.text, suite);
}

function fromStanzas(text: string, suite: string): readonly Archive[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = fieldsOf(stanza);
    const words = (name: string): readonly string[] => (fields.get(name) ?? '').split(/\s+/);
    const [uri] = words('uris');
    const isEnabled = fields.get('enabled') !== 'no' && words('types').includes('deb');
    if (!isEnabled || !uri || !words('suites').includes(suite) || !words('components').includes('main')) return [];
    const signedBy = fields.get('signed-by');
    // A key given inline spans lines and cannot be named again; apt then falls back to the system's keys.
    return [{ uri, ...(signedBy?.startsWith('/') ? { signedBy } : {}) }];
  });
}

function fieldsOf(stanza: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of stanza.split('\n')) {
    const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
    if (match?.[1] !== undefined) fields.set(match[1].toLowerCase(), (match[2] ?? '').trim());
  }
  return fields;
}

function fromLines(text: string, suite: string): readonly Archive[] {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/.exec(line.trim());
    const [, options = '', uri, named, components = ''] = match ?? [];
    if (uri === undefined || named !== suite || !components.split(/\s+/).includes('main')) return [];
    const signedBy = /signed-by=(\S+)/.exec(options)?.[1];
    return [{ uri, ...(signedBy === undefined ? {} : { signedBy }) }];
  });
}
