import { usageError } from '../../core/index.ts';
import { ownRules } from '../addon/own-rules.ts';
import { loadRules, type LoadOptions, type LoadResult, type Ruleset } from '../ruleset/index.ts';
import { readRulesFiles } from './rules-files.ts';

/**
 * The rules of files and folders, or without any those that the project ships. Fails with KubedrillError when a file
 * cannot be read or the rules do not load, naming the first problem.
 */
export async function loadRulesFrom(paths: readonly string[] | undefined, options: LoadOptions = {}): Promise<Ruleset> {
  const { ruleset, errors } = loadRules(paths === undefined ? ownRules() : await readRulesFiles(paths), options);
  if (ruleset !== undefined) return ruleset;
  throw notLoaded(errors, paths ?? []);
}

function notLoaded([first, ...more]: LoadResult['errors'], paths: readonly string[]): Error {
  const place =
    first === undefined ? '' : `${first.file}:${String(first.line)}:${String(first.column)}: ${first.message}`;
  return usageError({
    what: 'the rules do not load',
    why: more.length === 0 ? place : `${place} (and ${String(more.length)} more)`,
    hint: `kubedrill detector validate ${paths.join(' ')}`,
  });
}
