import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { defaultConfig, readConfig, type ConfigResult, type DetectorConfig } from '../config/detector-config.ts';
import { problemLine } from '../config/read-yaml.ts';
import { PROVIDED } from '../enrich/provided.ts';
import type { EventSource } from '../event/types.ts';
import { loadRules } from '../ruleset/index.ts';
import type { Diagnostic, RulesFile, Ruleset } from '../ruleset/types.ts';
import { rulesHash } from './rules-hash.ts';

/** Where the configuration and the rules that are shipped lie. */
export interface ConfigurationPlaces {
  /** Need not exist: then the default holds. */
  readonly configFile: string;
  /** The rules when the configuration names none. */
  readonly rulesFolder: string;
}

/** A configuration with its rules, ready to run. */
export interface Configuration {
  readonly config: DetectorConfig;
  readonly ruleset: Ruleset;
  readonly rules: {
    readonly hash: string;
    readonly loaded: number;
    readonly enabled: number;
    /** The source of each enabled rule, by its name. */
    readonly sources: Readonly<Record<string, EventSource>>;
    /** What the loader had to say, e.g. of rules that need what the sensor does not see. */
    readonly warnings: readonly string[];
  };
  /** Changes when one of the files that it was read from does. */
  readonly signature: string;
}

export type LoadedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  /** Every problem at once, a line each. */
  | { readonly ok: false; readonly problems: readonly string[]; readonly signature: string };

/** Reads and compiles everything; never throws. Files that change while they are read are read again. */
export async function loadConfiguration(places: ConfigurationPlaces): Promise<LoadedConfiguration> {
  for (let attempt = 1; ; attempt++) {
    const before = await signatureOf(places);
    const loaded = await loadOnce(places, before);
    // The kubelet swaps all files of a ConfigMap at once: a mixture of old and new ones is nobody's configuration.
    if (attempt === MAX_ATTEMPTS || (await signatureOf(places)) === before) return loaded;
  }
}

const MAX_ATTEMPTS = 5;

/**
 * Tells whether there is something new to load: real paths, inodes, times and sizes of the files in question. The
 * configuration's text is part of it, as it names the files. Never throws.
 */
export async function signatureOf(places: ConfigurationPlaces): Promise<string> {
  const text = await readFile(places.configFile, 'utf8').catch(() => '');
  const read = readConfig({ name: places.configFile, content: text });
  const paths = rulePaths(read, places);
  const files = (
    await Promise.all(paths.map((path) => filesAt(path).catch((error: unknown) => [messageOf(error)])))
  ).flat();
  const facts = await Promise.all(files.map(fileFacts));
  return [text, ...facts].join('\n');
}

async function fileFacts(path: string): Promise<string> {
  try {
    const [real, { ino, mtimeMs, size }] = await Promise.all([realpath(path), stat(path)]);
    return `${path} ${real} ${String(ino)} ${String(mtimeMs)} ${String(size)}`;
  } catch (error) {
    return messageOf(error);
  }
}

async function loadOnce(places: ConfigurationPlaces, signature: string): Promise<LoadedConfiguration> {
  const text = await readFile(places.configFile, 'utf8').catch(missing);
  if (text instanceof Error) return { ok: false, problems: [messageOf(text)], signature };
  const read = readConfig({ name: places.configFile, content: text ?? '' });
  // The rules are looked at even so: who has two things wrong wants to know of both.
  const config = read.ok ? read.config : defaultConfig();
  const files = await readRules(rulePaths(read, places));
  const loaded = loadRules(
    files.flatMap((file) => (file instanceof Error ? [] : [file])),
    {
      provision: PROVIDED,
      selections: config.selections,
      minimumPriority: config.minimumPriority,
      appendOutput: config.appendOutput,
    },
  );
  const problems = [
    ...(read.ok ? [] : read.problems.map(problemLine)),
    ...files.flatMap((file) => (file instanceof Error ? [file.message] : [])),
    ...loaded.errors.map(diagnosticLine),
  ];
  const { ruleset } = loaded;
  if (problems.length > 0 || ruleset === undefined) return { ok: false, problems, signature };
  const enabled = ruleset.rules.filter((rule) => rule.enabled);
  const rules = {
    hash: rulesHash(files as readonly RulesFile[]),
    loaded: ruleset.rules.length,
    enabled: enabled.length,
    sources: Object.fromEntries(enabled.map(({ name, source }) => [name, source])),
    warnings: loaded.warnings.map(diagnosticLine),
  };
  return { ok: true, configuration: { config, ruleset, rules, signature } };
}

function missing(error: unknown): Error | undefined {
  if ((error as { readonly code?: string }).code === 'ENOENT') return undefined;
  return error instanceof Error ? error : new Error(String(error));
}

/** Relative paths are meant from where the configuration lies. */
function rulePaths(read: ConfigResult, { configFile, rulesFolder }: ConfigurationPlaces): readonly string[] {
  const { rules } = read.ok ? read.config : read;
  if (rules === undefined) return [rulesFolder];
  return rules.map((path) => (isAbsolute(path) ? path : resolve(dirname(configFile), path)));
}

async function readRules(paths: readonly string[]): Promise<readonly (RulesFile | Error)[]> {
  const found = await Promise.all(
    paths.map((path) => readAt(path).catch((error: unknown) => [new Error(messageOf(error))])),
  );
  return found.flat();
}

async function readAt(path: string): Promise<readonly (RulesFile | Error)[]> {
  const files = await filesAt(path);
  if (files.length === 0) return [new Error(`${path}: no rules in this folder (files *.yaml)`)];
  return Promise.all(
    files.map(async (file) => ({ name: displayName(path, file), content: await readFile(file, 'utf8') })),
  );
}

/** The file, or the files with rules in a folder, sorted by name. */
async function filesAt(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return names.map((name) => join(path, name));
}

/** A file in a folder goes by its name in it, so that equal rules have equal hashes wherever they lie. */
function displayName(path: string, file: string): string {
  return file === path ? path : file.slice(path.length).replace(/^\//, '');
}

function diagnosticLine({ file, line, code, message }: Diagnostic): string {
  return `${file}:${String(line)}: ${code}: ${message}`;
}
