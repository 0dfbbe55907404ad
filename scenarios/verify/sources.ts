import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RegistryEntry } from '../registry.ts';
import { codeOf, contentOf, readImports } from './import-graph.ts';

/** What decides how the proofs of challenges come out. */
export interface ProofSources {
  /** Hash over the code that runs for a challenge and over its content. */
  hashOf(entry: RegistryEntry): Promise<string>;
  /** Whether one of these files belongs to it; paths below the package's root. */
  isTouched(entry: RegistryEntry, files: readonly string[]): boolean;
}

/** The rooms below: a lab is made of all that is in them. */
const ROOMS = ['core', 'network', 'detector', 'labs'];
/** What every run and grade goes through. */
const COMMON = ['scenarios/verify/rounds.ts', 'scenarios/environment.ts'];

/**
 * For each of these challenges: its folder, what its modules import within scenarios/, what every run goes through, and the rooms below as a
 * whole, since their programs run in the lab. Not the command line, the documentation, or another challenge's folder.
 */
export async function proofSources(entries: readonly RegistryEntry[]): Promise<ProofSources> {
  const modulesOf = ({ folder }: RegistryEntry): readonly string[] =>
    ['scenario.ts', 'proof.ts'].map((name) => `scenarios/catalogue/${folder}/${name}`);
  const [graph, rooms, folders] = await Promise.all([
    readImports([...COMMON, ...entries.flatMap(modulesOf)]),
    Promise.all(ROOMS.map(filesIn)),
    Promise.all(entries.map(async ({ folder }) => [folder, await filesIn(`scenarios/catalogue/${folder}`)] as const)),
  ]);
  const below = rooms.flat();
  const inFolder = new Map(folders);
  const ownFiles = (entry: RegistryEntry): readonly string[] => {
    const imported = graph([...COMMON, ...modulesOf(entry)]);
    return [...new Set([...imported, ...(inFolder.get(entry.folder) ?? [])])].sort();
  };
  let roomsHash: Promise<string> | undefined;
  return {
    hashOf: async (entry) => {
      roomsHash ??= hashOfFiles(below);
      return hashOfText([await roomsHash, await hashOfFiles(ownFiles(entry))]);
    },
    isTouched: (entry, files) => {
      const all = new Set([...below, ...ownFiles(entry)]);
      return files.some((file) => all.has(file));
    },
  };
}

/** Names of the files below a folder, as paths below the package's root, in a stable order. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(contentOf(folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(contentOf('.'), join(entry.parentPath, entry.name)))
    .sort();
}

/** Of code the file that runs: a dist/ that was not built anew must not pass for what the sources have become. */
async function hashOfFiles(names: readonly string[]): Promise<string> {
  const contents = await Promise.all(
    names.map(async (name) => [
      name,
      (await readFile(isCode(name) ? codeOf(name) : contentOf(name))).toString('base64'),
    ]),
  );
  return hashOfText(contents.flat());
}

/** Declarations are no code: nothing is compiled from them. */
function isCode(name: string): boolean {
  return name.endsWith('.ts') && !name.endsWith('.d.ts');
}

function hashOfText(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}
