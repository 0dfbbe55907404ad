import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceForSuite, type AptFile } from '../../engine/apt-sources.ts';

/** Where Debian packages come from. */
export interface DebianMirror {
  /** Absent where this machine's apt names none: debootstrap then takes Debian's own. */
  readonly uri?: string;
  readonly keyring: string;
}

/** The Debian release that images are made of. */
export const DEBIAN_SUITE = 'trixie';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Suites by which a machine's Debian archive is recognised. */
const KNOWN_SUITES = ['trixie', 'bookworm', 'bullseye', 'stable', 'testing', 'sid'];

/** The archive that this machine's apt already uses for Debian (its own mirror), if it uses one. */
export function mirrorFrom(files: readonly AptFile[]): DebianMirror {
  for (const suite of KNOWN_SUITES) {
    const source = sourceForSuite(files, suite, DEBIAN_SUITE);
    const uri = source === undefined ? undefined : /^URIs: (\S+)$/m.exec(source)?.[1];
    if (uri !== undefined) return { uri, keyring: /^Signed-By: (\S+)$/m.exec(source ?? '')?.[1] ?? KEYRING };
  }
  return { keyring: KEYRING };
}

/** All files in which apt of this machine may name its sources. */
export async function readAptFiles(root = '/etc/apt'): Promise<readonly AptFile[]> {
  const listed = await readdir(join(root, 'sources.list.d')).catch(() => []);
  const named = listed.filter((name) => /\.(list|sources)$/.test(name)).sort();
  const paths = [join(root, 'sources.list'), ...named.map((name) => join(root, 'sources.list.d', name))];
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(path, 'utf8').catch(() => '') })),
  );
  return files.filter(({ text }) => text !== '');
}
